// SPDX-License-Identifier: MIT
// Ignoring what into_ptr hands over would leak the reference.
// EXPECT: (ignoring return value of .*into_ptr|ignoring return value of function declared with .nodiscard.)
// FLAGS: -Werror=unused-result
#include "adder/adder.hpp"

#include <utility>

using namespace adder;

void probe(Bound<PyAny> object) {
#if ADDER_MUST_NOT_COMPILE
  std::move(object).into_ptr();
#else
  Py_DECREF(std::move(object).into_ptr());
#endif
}
