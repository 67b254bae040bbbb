// SPDX-License-Identifier: MIT
// A class that is put into another one is a pyclass, too, and known before.
// FIRST: adder: add_class<Inner>: specialise adder::PyClass<Inner>, with a name, above the PyClass of the class
#include "adder/adder.hpp"

using namespace adder;

struct Car {
  struct Engine {};
};
#if !ADDER_MUST_NOT_COMPILE
template <>
struct adder::PyClass<Car::Engine> {
  static constexpr auto name = "Car.Engine";
  static void define(ClassBuilder<Car::Engine>& cls) { cls.def_new<>(); }
};
#endif
template <>
struct adder::PyClass<Car> {
  static constexpr auto name = "Car";
  static void define(ClassBuilder<Car>& cls) { cls.add_class<Car::Engine>(); }
};

void probe(ModuleBuilder& m) { m.add_class<Car>(); }
