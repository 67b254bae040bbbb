// SPDX-License-Identifier: MIT
// A container is a part where its header is included.
// EXPECT: adder: a part is of a class that Python knows.*#include <adder/class/containers.hpp>
#include "adder/adder.hpp"

#include "adder/class/part.hpp"

#include <vector>

#if !ADDER_MUST_NOT_COMPILE
#include "adder/class/containers.hpp"
#endif

using namespace adder;

struct Car {
  std::vector<int> doors;
};
template <>
struct adder::PyClass<Car> {
  static constexpr auto name = "Car";
  static void define(ClassBuilder<Car>& cls) { cls.part<&Car::doors>("doors"); }
};
void probe(ModuleBuilder& m) { m.add_class<Car>(); }
