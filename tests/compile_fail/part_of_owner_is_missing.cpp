// SPDX-License-Identifier: MIT
// The number of the owner is that of a parameter; tokens do not count.
// EXPECT: adder: part_of<F, I>: the function has no parameter of that number
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
  static constexpr bool part = true;
  static void define(ClassBuilder<Engine>&) {}
};
template <>
struct adder::PyClass<Car> {
  static constexpr auto name = "Car";
  static void define(ClassBuilder<Car>&) {}
};
const Engine& find(Python, int, const Car& car) { return car.engine; }
#if ADDER_MUST_NOT_COMPILE
void probe(ModuleBuilder& m) { m.def<part_of<&find, 2>>("find"); }
#else
void probe(ModuleBuilder& m) { m.def<part_of<&find, 1>>("find"); }
#endif
