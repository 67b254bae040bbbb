// SPDX-License-Identifier: MIT
// allow_threads takes no lambda that captures by reference.
// EXPECT: allow_threads takes a lambda without captures
// EXPECT: or vouch for the captures with
#include "adder/adder.hpp"

using namespace adder;

void probe(Python py, int count) {
#if ADDER_MUST_NOT_COMPILE
  py.allow_threads([&] { ++count; });
#else
  py.allow_threads([](int& n) { ++n; }, count);
#endif
}
