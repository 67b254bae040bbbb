// SPDX-License-Identifier: MIT
// A guard that is not kept attaches for nothing.
// EXPECT: (nodiscard|ignoring return)
// FLAGS: -Werror=unused-result
#include "adder/adder.hpp"
#include "adder/token/gil_guard.hpp"

using namespace adder;

void probe() {
#if ADDER_MUST_NOT_COMPILE
  Python::acquire_gil();
#else
  const GILGuard guard = Python::acquire_gil();
#endif
}
