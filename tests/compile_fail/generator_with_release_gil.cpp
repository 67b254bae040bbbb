// SPDX-License-Identifier: MIT
// A generator runs attached: there is nothing to run without the GIL in the call that makes it.
// EXPECT: adder: this type is not Ungil: it is, or holds, something tied to the GIL
#include "adder/adder.hpp"
#include "adder/class/generator.hpp"

using namespace adder;

Generator<int> count(int n) {
  for (int i = 0; i != n; ++i) co_yield i;
}

void bind(ModuleBuilder& m) {
#if ADDER_MUST_NOT_COMPILE
  m.def<&count>("count", release_gil);
#else
  m.def<&count>("count");
#endif
}
