// SPDX-License-Identifier: MIT
// What Python passes to a dunder is fixed.
// EXPECT: a dunder cannot take Args, Kwargs or ThisModule
#include "adder/adder.hpp"

using namespace adder;

struct Point {
  [[maybe_unused]] int with(const Kwargs&) const { return x; }
  int alone() const { return x; }
  int x = 0;
};

template <>
struct adder::PyClass<Point> {
  static constexpr auto name = "Point";
  static void define(ClassBuilder<Point>& cls) {
#if ADDER_MUST_NOT_COMPILE
    cls.def<"__len__", &Point::with>();
#else
    cls.def<"__len__", &Point::alone>();
#endif
  }
};

void probe(ModuleBuilder& m) { m.add_class<Point>(); }
