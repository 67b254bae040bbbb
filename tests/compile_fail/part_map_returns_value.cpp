// SPDX-License-Identifier: MIT
// A guard of a copy would guard nothing.
// EXPECT: adder: map: the function returns a reference into the value that it is given
#include "adder/adder.hpp"

#include <utility>

using namespace adder;

struct Engine {
  int power = 1;
};
struct Car {
  Engine engine;
};
template <>
struct adder::PyClass<Car> {
  static constexpr auto name = "Car";
  static void define(ClassBuilder<Car>&) {}
};
int probe(PyRef<Car> car) {
#if ADDER_MUST_NOT_COMPILE
  return std::move(car).map([](const Car& value) { return value.engine; })->power;
#else
  const auto engine = std::move(car).map([](const Car& value) -> const Engine& { return value.engine; });
  return engine->power;
#endif
}
