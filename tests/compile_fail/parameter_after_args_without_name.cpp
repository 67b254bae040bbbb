// SPDX-License-Identifier: MIT
// A parameter after Args is only reached by its name.
// EXPECT: can only be passed by keyword: name all parameters
#include "adder/adder.hpp"

using namespace adder;

int add(const Args& all, int b) { return static_cast<int>(all->len()) + b; }

void probe(ModuleBuilder& m) {
#if ADDER_MUST_NOT_COMPILE
  m.def<&add>("add");
#else
  m.def<&add>("add", arg("b"));
#endif
}
