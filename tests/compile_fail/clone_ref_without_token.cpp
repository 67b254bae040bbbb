// SPDX-License-Identifier: MIT
// One more reference needs the token.
// EXPECT: (no matching|too few arguments to) function.* call.*clone_ref
#include "adder/adder.hpp"

using namespace adder;

void probe([[maybe_unused]] Python py, const Py<PyAny>& object) {
#if ADDER_MUST_NOT_COMPILE
  auto other = object.clone_ref();
#else
  auto other = object.clone_ref(py);
#endif
}
