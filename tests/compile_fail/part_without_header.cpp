// SPDX-License-Identifier: MIT
// cls.part names its header.
// EXPECT: adder: part needs its header: #include <adder/class/part.hpp>
#include "adder/adder.hpp"

#if !ADDER_MUST_NOT_COMPILE
#include "adder/class/part.hpp"
#endif

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
  static void define(ClassBuilder<Car>& cls) { cls.part<&Car::engine>("engine"); }
};
void probe(ModuleBuilder& m) { m.add_class<Car>(); }
