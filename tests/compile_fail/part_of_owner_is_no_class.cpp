// SPDX-License-Identifier: MIT
// The owner of what a function finds is an object that Python has too.
// EXPECT: adder: part_of<F, I>: the parameter that owns the result is a reference to a pyclass
#include "adder/adder.hpp"

#include "adder/class/part.hpp"
#include "adder/stl/vector.hpp"

#include <vector>

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
#if ADDER_MUST_NOT_COMPILE
const Engine& find(const std::vector<Engine>& engines, const Car&) { return engines[0]; }
#else
const Engine& find(const Car& car, const std::vector<Engine>&) { return car.engine; }
#endif
void probe(ModuleBuilder& m) { m.def<part_of<&find>>("find"); }
