// SPDX-License-Identifier: MIT
// In a call keyword arguments follow the positional ones.
// EXPECT: keyword arguments follow the positional ones
#include "adder/adder.hpp"

using namespace adder;

Bound<PyAny> probe(const Bound<PyAny>& callable) {
#if ADDER_MUST_NOT_COMPILE
  return callable.call(kw("key") = 1, 2);
#else
  return callable.call(2, kw("key") = 1);
#endif
}
