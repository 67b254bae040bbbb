// SPDX-License-Identifier: MIT
// A raw pointer does not say who owns what it points to; a reference or a handle does.
// FIRST: adder: no conversion from a Python object to T: a raw pointer .* Of a pyclass take const T&, T& or Bound<T>
#include "adder/adder.hpp"

using namespace adder;

struct Engine {
  int power = 0;
};
template <>
struct adder::PyClass<Engine> {
  static constexpr auto name = "Engine";
  static void define(ClassBuilder<Engine>& cls) { cls.def_new<>(); }
};
#if ADDER_MUST_NOT_COMPILE
int f(const Engine* engine) { return engine->power; }
#else
int f(const Engine& engine) { return engine.power; }
#endif

void probe(ModuleBuilder& m) { m.def<&f>("f"); }
