// SPDX-License-Identifier: MIT
// allow_threads takes no lambda that captures by value: nobody can look into it.
// EXPECT: allow_threads takes a lambda without captures
// EXPECT: or vouch for the captures with
#include "adder/adder.hpp"

using namespace adder;

void probe(Python py, int count) {
#if ADDER_MUST_NOT_COMPILE
  py.allow_threads([count] { return count; });
#else
  py.allow_threads([](int n) { return n; }, count);
#endif
}
