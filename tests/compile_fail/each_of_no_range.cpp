// SPDX-License-Identifier: MIT
// There is nothing to go through in a number.
// EXPECT: adder: each<&T::f>: f is no range
#include "adder/adder.hpp"
#include "adder/class/iterate.hpp"

#include <vector>

struct Row {
  int width = 0;
  std::vector<double> items;
};

template <>
struct adder::PyClass<Row> {
  static constexpr auto name = "Row";
  static void define(ClassBuilder<Row>& cls) {
#if ADDER_MUST_NOT_COMPILE
    cls.def<each<&Row::width>>("each");
#else
    cls.def<each<&Row::items>>("each");
#endif
  }
};

ADDER_MODULE(rows, m) { m.add_class<Row>(); }
