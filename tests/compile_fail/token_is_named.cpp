// SPDX-License-Identifier: MIT
// The token is no argument that Python sees, so it gets no name.
// EXPECT: and the receiver of a
#include "adder/adder.hpp"

using namespace adder;

int twice(Python, int n) { return 2 * n; }

void probe(ModuleBuilder& m) {
#if ADDER_MUST_NOT_COMPILE
  m.def<&twice>("twice", arg("py"), arg("n"));
#else
  m.def<&twice>("twice", arg("n"));
#endif
}
