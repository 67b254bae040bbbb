// SPDX-License-Identifier: MIT
// Once is enough.
// EXPECT: pos_only, kw_only and release_gil stand at most once
#include "adder/adder.hpp"

using namespace adder;

int twice(int n) { return 2 * n; }

void probe(ModuleBuilder& m) {
#if ADDER_MUST_NOT_COMPILE
  m.def<&twice>("twice", release_gil, arg("n"), release_gil);
#else
  m.def<&twice>("twice", release_gil, arg("n"));
#endif
}
