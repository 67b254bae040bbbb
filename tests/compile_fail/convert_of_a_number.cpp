// SPDX-License-Identifier: MIT
// Only arrays have a form to be converted from.
// EXPECT: adder: convert\(\) is for parameters of type Array<const T, ...>
#include "adder/adder.hpp"

using namespace adder;

int same(int x) { return x; }

void probe(ModuleBuilder& m) {
#if ADDER_MUST_NOT_COMPILE
  m.def<&same>("same", arg("x").convert());
#else
  m.def<&same>("same", arg("x").strict());
#endif
}
