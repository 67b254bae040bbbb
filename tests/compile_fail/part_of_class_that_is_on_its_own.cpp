// SPDX-License-Identifier: MIT
// Only objects of a class that says so may be parts of others.
// EXPECT: adder: the objects of this class are on their own: give its PyClass
#include "adder/adder.hpp"

#include "adder/class/part.hpp"

using namespace adder;

struct Engine {
  int power = 1;
};
struct Car {
  Engine engine;
};
template <>
struct adder::PyClass<Engine> {
  static constexpr auto name = "Engine";
#if !ADDER_MUST_NOT_COMPILE
  static constexpr bool part = true;
#endif
  static void define(ClassBuilder<Engine>&) {}
};
template <>
struct adder::PyClass<Car> {
  static constexpr auto name = "Car";
  static void define(ClassBuilder<Car>& cls) { cls.part<&Car::engine>("engine"); }
};
void probe(ModuleBuilder& m) { m.add_class<Car>(); }
