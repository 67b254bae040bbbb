// SPDX-License-Identifier: MIT
// A bound function takes a frozen class by const reference only.
// EXPECT: a frozen class cannot be taken as T&: take const T&
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
int x_of(Point& point) { return point.x; }
#else
int x_of(const Point& point) { return point.x; }
#endif

void probe(ModuleBuilder& m) { m.def<&x_of>("x_of"); }
