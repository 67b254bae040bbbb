// SPDX-License-Identifier: MIT
// Whoever asks for a field by its name gets one.
// EXPECT: adder: ElementFields: two fields have the same name
#include "adder/array/buffer.hpp"

#include <cstddef>

using namespace adder;

#if ADDER_MUST_NOT_COMPILE
constexpr detail::FixedString first = "y";
#else
constexpr detail::FixedString first = "x";
#endif
struct Point {
  double x, y;
};
template <>
struct adder::ArrayElement<Point> : adder::ElementFields<Point, Field<first, &Point::x>, Field<"y", &Point::y>> {};

std::size_t probe(const Bound<PyAny>& object) { return PyBuffer<Point>::get(object).value().item_count(); }
