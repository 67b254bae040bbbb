// SPDX-License-Identifier: MIT
// map takes the borrow over: what it was made of is moved from.
// EXPECT: (discards qualifiers|passing .* as .this.|'this' argument|is an rvalue|expects an rvalue)
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
  const auto engine = car.map(&Car::engine);
#else
  const auto engine = std::move(car).map(&Car::engine);
#endif
  return engine->power;
}
