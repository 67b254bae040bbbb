// SPDX-License-Identifier: MIT
// Of an overloaded function one has to be picked. No template argument can be refused in words: the compilers show
// them.
// EXPECT: no matching .*overloaded. static_cast it
#include "adder/adder.hpp"

using namespace adder;

int f(int x) { return x; }
int f(double) { return 0; }

void probe(ModuleBuilder& m) {
#if ADDER_MUST_NOT_COMPILE
  m.def<&f>("f");
#else
  m.def<static_cast<int (*)(int)>(&f)>("f");
#endif
}
