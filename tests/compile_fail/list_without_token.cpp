// SPDX-License-Identifier: MIT
// New objects need the token.
// EXPECT: (no matching function for|too few arguments to function) call.*empty.Python
#include "adder/adder.hpp"

using namespace adder;

Bound<PyList> probe([[maybe_unused]] Python py) {
#if ADDER_MUST_NOT_COMPILE
  return PyList::empty();
#else
  return PyList::empty(py);
#endif
}
