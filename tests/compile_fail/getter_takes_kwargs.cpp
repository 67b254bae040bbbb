// SPDX-License-Identifier: MIT
// Nothing is passed to a getter.
// EXPECT: a getter cannot take Args, Kwargs or ThisModule
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
    cls.getter<&Point::with>("x");
#else
    cls.getter<&Point::alone>("x");
#endif
  }
};

void probe(ModuleBuilder& m) { m.add_class<Point>(); }
