// SPDX-License-Identifier: MIT
// There is one *args.
// EXPECT: at most one Args and one Kwargs
#include "adder/adder.hpp"

using namespace adder;

int count(const Args& all) { return static_cast<int>(all->len()); }
[[maybe_unused]] int twice(const Args& all, const Args& more) { return static_cast<int>(all->len() + more->len()); }

void probe(ModuleBuilder& m) {
#if ADDER_MUST_NOT_COMPILE
  m.def<&twice>("twice");
#else
  m.def<&count>("count");
#endif
}
