// SPDX-License-Identifier: MIT
// Markers say something about names.
// EXPECT: there are none
#include "adder/adder.hpp"

using namespace adder;

int add(int a, int b) { return a + b; }

void probe(ModuleBuilder& m) {
#if ADDER_MUST_NOT_COMPILE
  m.def<&add>("add", kw_only);
#else
  m.def<&add>("add", kw_only, arg("a"), arg("b"));
#endif
}
