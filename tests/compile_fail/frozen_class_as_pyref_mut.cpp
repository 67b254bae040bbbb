// SPDX-License-Identifier: MIT
// A frozen class has no PyRefMut.
// EXPECT: a frozen class has no PyRefMut: nothing may change its values
#include "adder/adder.hpp"

using namespace adder;

struct Point {
  int x;
};
template <>
struct adder::PyClass<Point> {
  static constexpr auto name = "Point";
  static constexpr bool frozen = true;
  static void define(ClassBuilder<Point>&) {}
};

#if ADDER_MUST_NOT_COMPILE
int x_of(PyRefMut<Point> point) { return point->x; }
#else
int x_of(PyRef<Point> point) { return point->x; }
#endif

void probe(ModuleBuilder& m) { m.def<&x_of>("x_of"); }
