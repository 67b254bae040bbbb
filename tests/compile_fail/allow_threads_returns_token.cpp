// SPDX-License-Identifier: MIT
// allow_threads returns no token.
// EXPECT: not Ungil: it is, or holds, something tied to the GIL
// EXPECT: is_ungil<(const )?adder::[a-z0-9_:]*Python
#include "adder/adder.hpp"

using namespace adder;

#if ADDER_MUST_NOT_COMPILE
Python work();
#else
int work();
#endif

void probe(Python py) { (void)py.allow_threads(work); }
