// SPDX-License-Identifier: MIT
// Each call without the argument would fail: the compiler sees it, where both types are simple ones.
// EXPECT: the default is of another type than the parameter
#include "adder/adder.hpp"

using namespace adder;

int add(int a, int b) { return a + b; }

void probe(ModuleBuilder& m) {
#if ADDER_MUST_NOT_COMPILE
  m.def<&add>("add", arg("a"), arg("b") = "1");
#else
  m.def<&add>("add", arg("a"), arg("b") = 1);
#endif
}
