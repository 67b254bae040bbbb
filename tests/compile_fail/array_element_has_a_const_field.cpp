// SPDX-License-Identifier: MIT
// numpy writes whole structs.
// EXPECT: adder: ElementFields: a field is const, where Python would write to it
#include "adder/array/buffer.hpp"

#include <cstddef>

using namespace adder;

#if ADDER_MUST_NOT_COMPILE
using Id = const int;
#else
using Id = int;
#endif
struct Point {
  Id id;
  double x;
};
template <>
struct adder::ArrayElement<Point> : adder::ElementFields<Point, Field<"id", &Point::id>, Field<"x", &Point::x>> {};

std::size_t probe(const Bound<PyAny>& object) { return PyBuffer<Point>::get(object).value().item_count(); }
