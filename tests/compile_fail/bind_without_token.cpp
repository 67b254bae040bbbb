// SPDX-License-Identifier: MIT
// A Py is worked with only through bind, which takes the token.
// EXPECT: no matching( member)? function for call to .*bind
#include "adder/adder.hpp"

using namespace adder;

bool probe([[maybe_unused]] Python py, const Py<PyAny>& object) {
#if ADDER_MUST_NOT_COMPILE
  return object.bind().is_none();
#else
  return object.bind(py).is_none();
#endif
}
