// SPDX-License-Identifier: MIT
// Structs that cross field by field, and enums that cross as numbers.
#include "adder/types/fields.hpp"

#include "adder/adder.hpp"
#include "adder/stl/string.hpp"
#include "adder/stl/vector.hpp"
#include "support/errors.hpp"
#include "support/refcount.hpp"

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace {

struct Point {
  double x = 0, y = 0;
  std::string label = "none";
};
struct Line {
  std::vector<Point> points;
  int width = 1;
};
enum class Color : unsigned char { red = 1, green = 5 };

}  // namespace

template <>
struct adder::FromPyObject<Point>
    : FromAttributes<Point, Field<"x", &Point::x>, Field<"y", &Point::y>, OptionalField<"name", &Point::label>> {};
template <>
struct adder::IntoPyObject<Point>
    : IntoItems<Point, Field<"x", &Point::x>, Field<"y", &Point::y>, Field<"name", &Point::label>> {};
template <>
struct adder::FromPyObject<Line>
    : FromItems<Line, Field<"points", &Line::points>, OptionalField<"width", &Line::width>> {};
template <>
struct adder::FromPyObject<Color> : EnumAsInt<Color, Color::red, Color::green> {};
template <>
struct adder::IntoPyObject<Color> : EnumAsInt<Color, Color::red, Color::green> {};

namespace {

using namespace adder;
using test::count;
using test::error_of;

/// An object with the given attributes.
Bound<PyAny> point(Python py, const char* attributes) {
  return py.import("types").getattr("SimpleNamespace"_s).call(kwargs_of(py.eval(attributes)));
}

TEST(Fields, attributes_are_read_and_one_that_may_be_missing_keeps_its_value) {
  Python::with_gil([](Python py) {
    const auto full = point(py, "{'x': 1, 'y': 2.5, 'name': 'corner'}").extract<Point>();
    EXPECT_EQ(full.x, 1);
    EXPECT_EQ(full.y, 2.5);
    EXPECT_EQ(full.label, "corner");
    EXPECT_EQ(point(py, "{'x': 1, 'y': 2}").extract<Point>().label, "none");
    EXPECT_EQ(error_of([&] { return point(py, "{'x': 1}").extract<Point>(); }),
              "AttributeError: the attribute 'y' is missing");
    EXPECT_EQ(error_of([&] { return point(py, "{'x': 1, 'y': 'far'}").extract<Point>(); }),
              "TypeError: .y: expected float, got str");
    EXPECT_EQ(error_of([&] { return point(py, "{'x': 1, 'y': 2, 'name': 3}").extract<Point>(); }),
              "TypeError: .name: expected str, got int");
  });
}

TEST(Fields, items_are_read_and_an_error_names_the_path) {
  Python::with_gil([](Python py) {
    const auto names = PyDict::new_(py, kw("p"_s) = point(py, "{'x': 1, 'y': 2}"));
    const auto line = py.eval("{'points': [p, p], 'width': 3}", names).extract<Line>();
    ASSERT_EQ(line.points.size(), 2U);
    EXPECT_EQ(line.points[1].y, 2);
    EXPECT_EQ(line.width, 3);
    EXPECT_EQ(py.eval("{'points': []}", names).extract<Line>().width, 1);
    EXPECT_EQ(error_of([&] { return py.eval("{}", names).extract<Line>(); }), "KeyError: the key 'points' is missing");
    EXPECT_EQ(error_of([&] { return py.eval("[]", names).extract<Line>(); }), "TypeError: expected dict, got list");
    py.run("del p.x", names);
    EXPECT_EQ(error_of([&] { return py.eval("{'points': [p]}", names).extract<Line>(); }),
              "AttributeError: ['points'][0]: the attribute 'x' is missing");
    // One that may be missing is not made by looking for it.
    EXPECT_EQ(py.eval("(d := __import__('collections').defaultdict(list)) and None or d").extract<Line>().width, 1);
  });
}

TEST(Fields, a_struct_becomes_a_dict) {
  Python::with_gil([](Python py) {
    const auto dict = into_py(py, Point{1, 2, "p"}).value();
    EXPECT_EQ(dict.repr().to_string(), "{'x': 1.0, 'y': 2.0, 'name': 'p'}");
    EXPECT_EQ(count(dict), 1);
    const auto bad = into_py(py, Point{1, 2, "\xff"});
    ASSERT_TRUE(bad.is_err());
    EXPECT_EQ(std::string(bad.error().what()).substr(0, 18), "UnicodeDecodeError");
  });
}

TEST(Fields, an_enum_takes_its_own_numbers_only) {
  Python::with_gil([](Python py) {
    EXPECT_EQ(py.eval("5").extract<Color>(), Color::green);
    EXPECT_EQ(into_py(py, Color::red).value().extract<int>(), 1);
    EXPECT_EQ(error_of([&] { return py.eval("2").extract<Color>(); }), "ValueError: 2 is no value of the enum");
    EXPECT_EQ(error_of([&] { return py.eval("300").extract<Color>(); }).substr(0, 13), "OverflowError");
    EXPECT_EQ(error_of([&] { return py.eval("'red'").extract<Color>(); }), "TypeError: expected int, got str");
    EXPECT_STREQ(into_py(py, static_cast<Color>(7)).error().what(), "ValueError: 7 is no value of the enum");
  });
}

TEST(Fields, reading_keeps_no_reference) {
  Python::with_gil([](Python py) {
    const auto source = point(py, "{'x': 1, 'y': 'far'}");
    const Py_ssize_t before = count(source);
    for (int i = 0; i < 3; ++i) EXPECT_TRUE(source.try_extract<Point>().is_err());
    EXPECT_EQ(count(source), before);
  });
}

}  // namespace
