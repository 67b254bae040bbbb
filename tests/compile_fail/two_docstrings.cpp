// SPDX-License-Identifier: MIT
// One function, one docstring.
// EXPECT: def takes one docstring
#include "adder/adder.hpp"

using namespace adder;

int twice(int n) { return 2 * n; }

void probe(ModuleBuilder& m) {
#if ADDER_MUST_NOT_COMPILE
  m.def<&twice>("twice", "Twice n.", "Double n.");
#else
  m.def<&twice>("twice", "Twice n.");
#endif
}
