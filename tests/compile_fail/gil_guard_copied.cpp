// SPDX-License-Identifier: MIT
// A guard cannot be copied: each one is dropped once, in order.
// EXPECT: (use of deleted function .*GILGuard::GILGuard|call to deleted constructor of .*GILGuard)
#include "adder/adder.hpp"
#include "adder/token/gil_guard.hpp"

using namespace adder;

void probe(const GILGuard& guard) {
#if ADDER_MUST_NOT_COMPILE
  GILGuard other = guard;
#else
  const GILGuard& other = guard;
#endif
  (void)other.python();
}
