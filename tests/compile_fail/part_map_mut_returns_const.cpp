// SPDX-License-Identifier: MIT
// Nothing can be changed by way of a const reference: a PyRef serves.
// EXPECT: adder: map: the function returns a const reference: map a PyRef
#include "adder/adder.hpp"

#include <utility>

using namespace adder;

struct Engine {
  int power = 1;
};
struct Car {
  Engine engine;
  const Engine& get() const { return engine; }
};
template <>
struct adder::PyClass<Car> {
  static constexpr auto name = "Car";
  static void define(ClassBuilder<Car>&) {}
};
int probe(PyRefMut<Car> car) {
#if ADDER_MUST_NOT_COMPILE
  const auto engine = std::move(car).map(&Car::get);
#else
  const auto engine = std::move(car).map(&Car::engine);
#endif
  return engine->power;
}
