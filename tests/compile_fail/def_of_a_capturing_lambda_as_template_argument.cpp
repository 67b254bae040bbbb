// SPDX-License-Identifier: MIT
// What a lambda captures is not known when it is compiled: it is no template argument.
// EXPECT: a state. new_closure
#include "adder/adder.hpp"
#include "adder/function/closure.hpp"

using namespace adder;

void probe(ModuleBuilder& m, int by) {
#if ADDER_MUST_NOT_COMPILE
  m.def<[by](int x) { return x + by; }>("add");
#else
  m.add("add", new_closure<[](const int& by, int x) { return x + by; }>(m.py(), "add", by));
#endif
}
