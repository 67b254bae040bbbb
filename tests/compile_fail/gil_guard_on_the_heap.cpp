// SPDX-License-Identifier: MIT
// A guard is a scope: it cannot be put on the heap.
// EXPECT: (use of deleted function .*GILGuard::operator new|call to deleted function .operator new)
#include "adder/adder.hpp"
#include "adder/token/gil_guard.hpp"

using namespace adder;

void probe() {
#if ADDER_MUST_NOT_COMPILE
  auto* guard = new GILGuard(Python::acquire_gil());
  (void)guard->python();
#else
  GILGuard guard(Python::acquire_gil());
  (void)guard.python();
#endif
}
