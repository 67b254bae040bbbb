// SPDX-License-Identifier: MIT
// def takes something that can be called.
// EXPECT: def takes a function, a member function, or a lambda without captures
#include "adder/adder.hpp"

using namespace adder;

int answer() { return 42; }

void probe(ModuleBuilder& m) {
#if ADDER_MUST_NOT_COMPILE
  m.def<42>("answer");
#else
  m.def<&answer>("answer");
#endif
}
