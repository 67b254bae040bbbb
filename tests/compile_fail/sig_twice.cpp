// SPDX-License-Identifier: MIT
// A function has one signature in stub files.
// EXPECT: stand at most once in a def, and so does sig
#include "adder/adder.hpp"

using namespace adder;

int twice(int n) { return 2 * n; }

void probe(ModuleBuilder& m) {
#if ADDER_MUST_NOT_COMPILE
  m.def<&twice>("twice", sig("(n: int, /) -> int"), sig("(n: bool, /) -> int"));
#else
  m.def<&twice>("twice", sig("(n: int, /) -> int"));
#endif
}
