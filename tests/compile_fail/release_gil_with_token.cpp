// SPDX-License-Identifier: MIT
// Without the GIL there is no token.
// EXPECT: this type is not Ungil
#include "adder/adder.hpp"

using namespace adder;

[[maybe_unused]] int count(Python, int n) { return n; }
int count_alone(int n) { return n; }

void probe(ModuleBuilder& m) {
#if ADDER_MUST_NOT_COMPILE
  m.def<&count>("count", release_gil);
#else
  m.def<&count_alone>("count", release_gil);
#endif
}
