// SPDX-License-Identifier: MIT
// What def binds is a template argument, not an argument as in pybind11 and nanobind.
// EXPECT: what def binds is a template argument: write def<&function>
#include "adder/adder.hpp"

using namespace adder;

int twice(int x) { return 2 * x; }

void probe(ModuleBuilder& m) {
#if ADDER_MUST_NOT_COMPILE
  m.def("twice", &twice, arg("x"));
#else
  m.def<&twice>("twice", arg("x"));
#endif
}
