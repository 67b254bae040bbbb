// SPDX-License-Identifier: MIT
// The token does not cross allow_threads: without the GIL it proves nothing.
// EXPECT: not Ungil: it is, or holds, something tied to the GIL
// EXPECT: is_ungil<(const )?adder::[a-z0-9_:]*Python
#include "adder/adder.hpp"

using namespace adder;

void probe(Python py) {
#if ADDER_MUST_NOT_COMPILE
  py.allow_threads([](auto) {}, py);
#else
  py.allow_threads([](auto) {}, 1);
#endif
}
