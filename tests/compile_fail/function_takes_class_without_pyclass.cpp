// SPDX-License-Identifier: MIT
// A class is a Python class once PyClass<T> says so, and not before.
// FIRST: adder: no conversion from a Python object to T, a class. Specialise adder::PyClass<T>, with a name, above the first use
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
int f(const Engine& engine) { return engine.power; }

void probe(ModuleBuilder& m) { m.def<&f>("f"); }
