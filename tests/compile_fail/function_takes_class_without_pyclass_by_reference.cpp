// SPDX-License-Identifier: MIT
// The same for a parameter that the function may change.
// FIRST: adder: a bound function cannot change its argument through T&, unless T is a pyclass, for which adder::PyClass<T> is specialised
#include "adder/adder.hpp"

using namespace adder;

struct Engine {
  int power = 0;
};
#if !ADDER_MUST_NOT_COMPILE
template <>
struct adder::PyClass<Engine> {
  static constexpr auto name = "Engine";
  static void define(ClassBuilder<Engine>& cls) { cls.def_new<>(); }
};
#endif
int f(Engine& engine) { return engine.power; }

void probe(ModuleBuilder& m) { m.def<&f>("f"); }
