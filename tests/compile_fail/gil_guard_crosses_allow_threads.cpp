// SPDX-License-Identifier: MIT
// A guard does not cross allow_threads: it would be dropped, or asked for its token, without the GIL.
// EXPECT: not Ungil: it is, or holds, something tied to the GIL
// EXPECT: is_ungil<(const )?adder::[a-z0-9_:]*GILGuard
#include "adder/adder.hpp"
#include "adder/token/gil_guard.hpp"

using namespace adder;

void probe(GILGuard& guard) {
#if ADDER_MUST_NOT_COMPILE
  guard.python().allow_threads([](auto&) {}, guard);
#else
  guard.python().allow_threads([] {});
#endif
}
