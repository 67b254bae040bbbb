// SPDX-License-Identifier: MIT
// After the name def takes argument names and a docstring, nothing else.
// EXPECT: after the name def takes arg
#include "adder/adder.hpp"

using namespace adder;

int twice(int n) { return 2 * n; }

void probe(ModuleBuilder& m) {
#if ADDER_MUST_NOT_COMPILE
  m.def<&twice>("twice", 2);
#else
  m.def<&twice>("twice", "Twice n.");
#endif
}
