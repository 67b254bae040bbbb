// SPDX-License-Identifier: MIT
// The function of a part is called at each use of it, with nothing.
// EXPECT: adder: part<F>: the function takes nothing, and returns a reference into the object
#include "adder/adder.hpp"

#include "adder/class/part.hpp"

using namespace adder;

struct Engine {
  int power = 1;
};
struct Car {
  Engine engine;
#if ADDER_MUST_NOT_COMPILE
  const Engine& get(int) const { return engine; }
#else
  const Engine& get() const { return engine; }
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
  static void define(ClassBuilder<Car>& cls) { cls.part<&Car::get>("engine"); }
};
void probe(ModuleBuilder& m) { m.add_class<Car>(); }
