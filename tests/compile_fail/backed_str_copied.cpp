// SPDX-License-Identifier: MIT
// A copy of a PyBackedStr would count a reference, perhaps without the GIL.
// EXPECT: (use of deleted function .*PyBacked|call to deleted constructor of)
#include "adder/adder.hpp"
using namespace adder;
PyBackedStr probe([[maybe_unused]] Python py, const PyBackedStr& text) {
#if ADDER_MUST_NOT_COMPILE
  return text;
#else
  return text.clone_ref(py);
#endif
}
