// SPDX-License-Identifier: MIT
// What a function returns by value belongs to nobody else: there is nothing to be a part of.
// EXPECT: adder: part_of<F>: the function returns a reference or pointer to the part, which it does not own
#include "adder/adder.hpp"

#include "adder/class/part.hpp"

using namespace adder;

struct Engine {
  int power = 1;
};
struct Car {
  Engine engine;
#if ADDER_MUST_NOT_COMPILE
  Engine find(int) const { return engine; }
#else
  const Engine* find(int power) const { return power == engine.power ? &engine : nullptr; }
#endif
};
template <>
struct adder::PyClass<Engine> {
  static constexpr auto name = "Engine";
  static constexpr bool part = true;
  static void define(ClassBuilder<Engine>&) {}
};
template <>
struct adder::PyClass<Car> {
  static constexpr auto name = "Car";
  static void define(ClassBuilder<Car>& cls) { cls.def<part_of<&Car::find>>("find"); }
};
void probe(ModuleBuilder& m) { m.add_class<Car>(); }
