// SPDX-License-Identifier: MIT
// Nor is a string, which has the members of a container, also where containers may be parts.
// EXPECT: adder: a part is of a class that Python knows.*Scalars and strings are no parts: write field or getter
#include "adder/adder.hpp"
#include "adder/class/part.hpp"

#include "adder/class/containers.hpp"
#include "adder/stl/string.hpp"

#include <string>
#include <vector>

using namespace adder;

struct Car {
  std::string name;
  std::vector<std::string> names;
};
template <>
struct adder::PyClass<Car> {
  static constexpr auto name = "Car";
  static void define(ClassBuilder<Car>& cls) {
#if ADDER_MUST_NOT_COMPILE
    cls.part<&Car::name>("name");
#else
    cls.part<&Car::names>("names");
#endif
  }
};
void probe(ModuleBuilder& m) { m.add_class<Car>(); }
