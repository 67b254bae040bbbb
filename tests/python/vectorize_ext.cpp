// SPDX-License-Identifier: MIT
// What test_vectorize.py calls: functions of numbers, as functions of arrays.
#include <adder/adder.hpp>
#include <adder/array/array.hpp>
#include <adder/array/vectorize.hpp>
#include <adder/stl/string.hpp>

#include <complex>
#include <cstdint>
#include <stdexcept>
#include <string>

using namespace adder;

namespace {

struct Point {
  double x;
  std::int32_t id;  // Four bytes of padding are behind it.
};
#pragma pack(push, 1)
struct Packed {
  std::int8_t kind;
  double x;
};
#pragma pack(pop)
struct Scale {
  double by;
};
struct Switch {
  std::int32_t id;
  bool on;
};

}  // namespace

template <>
struct adder::ArrayElement<Point> : adder::ElementFields<Point, Field<"x", &Point::x>, Field<"id", &Point::id>> {};
template <>
struct adder::ArrayElement<Switch> : adder::ElementFields<Switch, Field<"id", &Switch::id>, Field<"on", &Switch::on>> {
};
template <>
struct adder::ArrayElement<Packed>
    : adder::ElementFields<Packed, Field<"kind", &Packed::kind>, Field<"x", &Packed::x>> {};
template <>
struct adder::PyClass<Scale> {
  static constexpr auto name = "Scale";
  static void define(ClassBuilder<Scale>& cls) { cls.def_new<double>(arg("by")); }
};

namespace {

double multiply_add(double a, double b, double c) { return a * b + c; }
double twice(const double& a) noexcept { return 2 * a; }
std::int32_t add_ints(std::int32_t a, std::int32_t b) { return a + b; }
bool less(float a, float b) { return a < b; }
bool negate(bool a) { return !a; }
std::complex<double> times_i(std::complex<double> z) { return {-z.imag(), z.real()}; }
Half half_of(Half a) { return Half(a / 2); }
std::uint8_t low_byte(std::uint64_t a) { return static_cast<std::uint8_t>(a & 0xffU); }
Point moved(const Point& point, double by) { return {point.x + by, point.id}; }
double x_of(Point point) { return point.x; }
int is_on(const Switch& s) { return s.on ? 1 : 0; }
double x_of_packed(const Packed& packed) {
  const double x = packed.x;
  return x;
}
double refuse_negative(double a) {
  if (a < 0) throw std::domain_error("a negative number");
  return a;
}
double named(const std::string& name, double a) { return a + static_cast<double>(name.size()); }
double power(double base, int exponent) {
  double result = 1;
  for (int i = 0; i < exponent; ++i) result *= base;
  return result;
}
double scaled(const Scale& scale, double a) { return scale.by * a; }
bool attached(double) { return PyGILState_Check() != 0; }
bool attached_with_token(Python, double) { return PyGILState_Check() != 0; }
bool attached_with_handle(double, const Bound<PyAny>&) { return PyGILState_Check() != 0; }
double raised_detached(double a) {
  if (a == 5000) Python::with_gil([](Python) { throw PyKeyError::new_err("five thousand"); });
  return a;
}
double four(double a, float b, std::int8_t c, std::int64_t d) {
  return a + 10 * b + 100 * c + 1000.0 * static_cast<double>(d);
}

double sum_of_points(const Array<const Point, ndim<1>>& points) {
  double sum = 0;
  for (const Point& point : points) sum += point.x * point.id;
  return sum;
}
double sum_of_packed(const Array<const Packed, ndim<1>, c_order>& points) {
  double sum = 0;
  for (const Packed& point : points.as_span()) sum += point.x * point.kind;
  return sum;
}

}  // namespace

ADDER_MODULE(vectorize_ext, m) {
  m.add_class<Scale>();
  m.def<vectorize<&multiply_add>>("multiply_add", arg("a"), arg("b"), arg("c") = 0.0);
  m.def<vectorize<&twice>>("twice");
  m.def<vectorize<[](double a, double b) { return a - b; }>>("minus");
  m.def<vectorize<&add_ints>>("add_ints", arg("a"), arg("b"));
  m.def<vectorize<&less>>("less");
  m.def<vectorize<&negate>>("negate", arg("a"));
  m.def<vectorize<&times_i>>("times_i", arg("z"));
  m.def<vectorize<&half_of>>("half_of", arg("a"));
  m.def<vectorize<&low_byte>>("low_byte", arg("a"));
  m.def<vectorize<&moved>>("moved", arg("point"), arg("by"));
  m.def<vectorize<&x_of>>("x_of", arg("point"));
  m.def<vectorize<&is_on>>("is_on", arg("switch"));
  m.def<vectorize<&x_of_packed>>("x_of_packed", arg("packed"));
  m.def<vectorize<&refuse_negative>>("refuse_negative", arg("a"));
  m.def<vectorize<&named>>("named", arg("name"), arg("a"));
  m.def<vectorize<&power, 1>>("power", arg("base"), arg("exponent"));
  m.def<vectorize<&scaled>>("scaled", arg("scale"), arg("a"));
  m.def<vectorize<&attached>>("attached");
  m.def<vectorize<&attached_with_token>>("attached_with_token");
  m.def<vectorize<&attached_with_handle>>("attached_with_handle");
  m.def<vectorize<&raised_detached>>("raised_detached");
  m.def<vectorize<&four>>("four");
  m.def<&sum_of_points>("sum_of_points", arg("points"));
  m.def<&sum_of_packed>("sum_of_packed", arg("points"));
}
