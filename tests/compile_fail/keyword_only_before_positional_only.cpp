// SPDX-License-Identifier: MIT
// The slash of a signature stands before the star.
// EXPECT: pos_only stands before kw_only
#include "adder/adder.hpp"

using namespace adder;

int add(int a, int b) { return a + b; }

void probe(ModuleBuilder& m) {
#if ADDER_MUST_NOT_COMPILE
  m.def<&add>("add", kw_only, arg("a"), arg("b"), pos_only);
#else
  m.def<&add>("add", arg("a"), pos_only, kw_only, arg("b"));
#endif
}
