// SPDX-License-Identifier: MIT
// A guard cannot be moved: it would be dropped out of order.
// EXPECT: (use of deleted function .*GILGuard::GILGuard|call to deleted constructor of .*GILGuard)
#include "adder/adder.hpp"
#include "adder/token/gil_guard.hpp"

#include <utility>

using namespace adder;

void probe(GILGuard& guard) {
#if ADDER_MUST_NOT_COMPILE
  GILGuard other = std::move(guard);
#else
  GILGuard other = Python::acquire_gil();
#endif
  (void)other.python();
  (void)guard.python();
}
