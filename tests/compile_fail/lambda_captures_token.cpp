// SPDX-License-Identifier: MIT
// A lambda that captures only the token is as small as one without captures, and refused all the same.
// EXPECT: allow_threads takes a lambda without captures
// EXPECT: or vouch for the captures with
#include "adder/adder.hpp"

using namespace adder;

void probe(Python py) {
#if ADDER_MUST_NOT_COMPILE
  py.allow_threads([py] { (void)py.None(); });
#else
  py.allow_threads([] {});
#endif
}
