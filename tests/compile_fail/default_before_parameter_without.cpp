// SPDX-License-Identifier: MIT
// As in Python, what follows a default has one too, unless it is keyword-only.
// EXPECT: a parameter without a default follows one with a default
#include "adder/adder.hpp"

using namespace adder;

int add(int a, int b) { return a + b; }

void probe(ModuleBuilder& m) {
#if ADDER_MUST_NOT_COMPILE
  m.def<&add>("add", arg("a") = 1, arg("b"));
#else
  m.def<&add>("add", arg("a") = 1, kw_only, arg("b"));
#endif
}
