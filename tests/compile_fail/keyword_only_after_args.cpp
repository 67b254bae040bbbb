// SPDX-License-Identifier: MIT
// The C++ parameter Args is the star already.
// EXPECT: parameters after Args are keyword-only: leave kw_only out
#include "adder/adder.hpp"

using namespace adder;

int add(const Args& all, int b) { return static_cast<int>(all->len()) + b; }

void probe(ModuleBuilder& m) {
#if ADDER_MUST_NOT_COMPILE
  m.def<&add>("add", kw_only, arg("b"));
#else
  m.def<&add>("add", arg("b"));
#endif
}
