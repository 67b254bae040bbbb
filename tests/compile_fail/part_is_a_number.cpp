// SPDX-License-Identifier: MIT
// A number is no object that could be a part.
// EXPECT: adder: a part is of a class that Python knows.*Scalars and strings are no parts: write field or getter
#include "adder/adder.hpp"

#include "adder/class/part.hpp"

using namespace adder;

struct Car {
  int doors = 4;
};
template <>
struct adder::PyClass<Car> {
  static constexpr auto name = "Car";
  static void define(ClassBuilder<Car>& cls) {
#if ADDER_MUST_NOT_COMPILE
    cls.part<&Car::doors>("doors");
#else
    cls.field<&Car::doors>("doors");
#endif
  }
};
void probe(ModuleBuilder& m) { m.add_class<Car>(); }
