// SPDX-License-Identifier: MIT
// A method may return a reference to its own object, and to no other pyclass: what it refers to may move or go.
// EXPECT: a bound function returns a reference to a pyclass
#include "adder/adder.hpp"

using namespace adder;

struct Engine {
  int power = 0;
};
class Car {
 public:
  const Engine& engine() const { return engine_; }
  Car& start() { return *this; }

 private:
  Engine engine_;
};
template <>
struct adder::PyClass<Engine> {
  static constexpr auto name = "Engine";
  static void define(ClassBuilder<Engine>&) {}
};
template <>
struct adder::PyClass<Car> {
  static constexpr auto name = "Car";
  static void define(ClassBuilder<Car>& cls) {
    cls.def<&Car::start>("start");
#if ADDER_MUST_NOT_COMPILE
    cls.getter<&Car::engine>("engine");
#else
    cls.getter<[](const Car& self) { return self.engine(); }>("engine");
#endif
  }
};

void probe(ModuleBuilder& m) { m.add_class<Car>(); }
