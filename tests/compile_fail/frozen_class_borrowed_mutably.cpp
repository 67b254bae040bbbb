// SPDX-License-Identifier: MIT
// A frozen class has no borrow_mut: nothing may change its value.
// EXPECT: (borrow_mut on a frozen class|a frozen class has no PyRefMut): nothing may change its values
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

int probe(const Bound<Point>& point) {
#if ADDER_MUST_NOT_COMPILE
  return point.borrow_mut()->x;
#else
  return point.get().x;
#endif
}
