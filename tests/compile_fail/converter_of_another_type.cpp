// SPDX-License-Identifier: MIT
// A converter returns what the parameter takes.
// EXPECT: returns what the parameter takes
#include "adder/adder.hpp"

using namespace adder;

int twice(int n) { return 2 * n; }
int parse(const Bound<PyAny>& text) { return static_cast<int>(text.len()); }
[[maybe_unused]] const char* name(const Bound<PyAny>&) { return "n"; }

void probe(ModuleBuilder& m) {
#if ADDER_MUST_NOT_COMPILE
  m.def<&twice>("twice", arg("n").from_py_with<&name>());
#else
  m.def<&twice>("twice", arg("n").from_py_with<&parse>());
#endif
}
