// SPDX-License-Identifier: MIT
// A keyword argument refers to its value and is written inside the call.
// EXPECT: adder: write kw\(\.\.\.\) = value inside the call
#include "adder/adder.hpp"
using namespace adder;
Bound<PyAny> probe(const Bound<PyAny>& f) {
#if ADDER_MUST_NOT_COMPILE
  auto argument = (kw("sep") = 1);
  return f(argument);
#else
  return f(kw("sep") = 1);
#endif
}
