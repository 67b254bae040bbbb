// SPDX-License-Identifier: MIT
// A guard cannot be assigned.
// EXPECT: (use of deleted function .*GILGuard::operator=|selected deleted operator .=)
#include "adder/adder.hpp"
#include "adder/token/gil_guard.hpp"

using namespace adder;

void probe(GILGuard& guard) {
#if ADDER_MUST_NOT_COMPILE
  guard = Python::acquire_gil();
#else
  GILGuard other = Python::acquire_gil();
#endif
  (void)guard.python();
}
