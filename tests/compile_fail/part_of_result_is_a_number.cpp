// SPDX-License-Identifier: MIT
// What is found has to be of a class, as a number cannot be a part.
// EXPECT: adder: a part is of a class that Python knows
#include "adder/adder.hpp"

#include "adder/class/part.hpp"

using namespace adder;

struct Engine {
  int power = 1;
};
struct Car {
  Engine engine;
#if ADDER_MUST_NOT_COMPILE
  const int& find() const { return engine.power; }
#else
  const Engine& find() const { return engine; }
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
