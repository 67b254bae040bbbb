// SPDX-License-Identifier: MIT
// A Py has none of the object's methods: they need the token.
// EXPECT: (has no member named .getattr|no member named .getattr. in)
#include "adder/adder.hpp"

using namespace adder;

Bound<PyAny> probe([[maybe_unused]] Python py, const Py<PyAny>& object) {
#if ADDER_MUST_NOT_COMPILE
  return object.getattr("name");
#else
  return object.bind(py).getattr("name");
#endif
}
