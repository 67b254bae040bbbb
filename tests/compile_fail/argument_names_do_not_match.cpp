// SPDX-License-Identifier: MIT
// A function's parameters are all named, or none.
// EXPECT: name every parameter of the function with arg
#include "adder/adder.hpp"

using namespace adder;

int add(int a, int b) { return a + b; }

void probe(ModuleBuilder& m) {
#if ADDER_MUST_NOT_COMPILE
  m.def<&add>("add", arg("a"));
#else
  m.def<&add>("add", arg("a"), arg("b"));
#endif
}
