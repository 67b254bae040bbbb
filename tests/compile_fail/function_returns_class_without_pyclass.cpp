// SPDX-License-Identifier: MIT
// A result has to be of a class that Python knows.
// FIRST: adder: no conversion from T to a Python object, a class. Specialise adder::PyClass<T>, with a name, above the first use
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
Engine f() { return {}; }

void probe(ModuleBuilder& m) { m.def<&f>("f"); }
