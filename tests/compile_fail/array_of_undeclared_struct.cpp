// SPDX-License-Identifier: MIT
// Nobody can match the fields of a struct that are not declared.
// EXPECT: adder: T is no type that the elements .* and structs of such for which adder::ArrayElement<T> is specialised
#include "adder/array/buffer.hpp"

#include <cstddef>

using namespace adder;

struct Point {
  double x, y;
};
#if !ADDER_MUST_NOT_COMPILE
template <>
struct adder::ArrayElement<Point> : adder::ElementFields<Point, Field<"x", &Point::x>, Field<"y", &Point::y>> {};
#endif

std::size_t probe(const Bound<PyAny>& object) { return PyBuffer<Point>::get(object).value().item_count(); }
