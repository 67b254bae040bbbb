// SPDX-License-Identifier: MIT
// It looks as if it took the value.
// FIRST: adder: a parameter that takes a value is a unique_ptr<T>, by value
#include "adder/adder.hpp"
#include "adder/class/holder.hpp"

#include <memory>

using namespace adder;

struct Engine {
  int power = 0;
};
template <>
struct adder::PyClass<Engine> {
  static constexpr auto name = "Engine";
  using holder = std::unique_ptr<Engine>;
  static void define(ClassBuilder<Engine>& cls) { cls.def_new<>(); }
};
#if ADDER_MUST_NOT_COMPILE
int f(const std::unique_ptr<Engine>& engine) { return engine->power; }
#else
int f(const Engine& engine) { return engine.power; }
#endif

void probe(ModuleBuilder& m) { m.def<&f>("f"); }
