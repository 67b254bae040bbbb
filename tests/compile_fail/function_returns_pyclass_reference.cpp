// SPDX-License-Identifier: MIT
// A bound function cannot return a reference to a pyclass: Python has copies and objects, nothing between.
// EXPECT: a bound function returns a reference to a pyclass
#include "adder/adder.hpp"

using namespace adder;

struct Engine {
  int power = 0;
};
template <>
struct adder::PyClass<Engine> {
  static constexpr auto name = "Engine";
  static void define(ClassBuilder<Engine>&) {}
};

Engine& engine() {
  static Engine one;
  return one;
}

#if ADDER_MUST_NOT_COMPILE
void probe(ModuleBuilder& m) { m.def<&engine>("engine"); }
#else
void probe(ModuleBuilder& m) {
  m.def<[]() -> Engine { return engine(); }>("engine");
}
#endif
