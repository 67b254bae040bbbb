// SPDX-License-Identifier: MIT
// The functions and the class whose calls are measured, bound with adder. bench_capi_ext.cpp is the same by hand.
#include "adder/adder.hpp"
#include "adder/class/enum.hpp"
#include "adder/class/iterate.hpp"
#include "adder/class/protocols.hpp"
#include "adder/stl/string.hpp"
#include "adder/stl/vector.hpp"

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace {

using namespace adder;

void noop() {}
Bound<PyAny> identity(const Bound<PyAny>& object) { return object; }
std::int64_t add(std::int64_t a, std::int64_t b) { return a + b; }
std::int64_t add_named(std::int64_t a, std::int64_t b) { return a + b; }
std::int64_t scale(std::int64_t value, std::int64_t by) { return value * by; }
std::size_t length(std::string_view text) { return text.size(); }
std::int64_t mixed(std::int64_t a, double b, bool c, std::string_view d, const Bound<PyAny>& e, std::uint8_t f) {
  return a + static_cast<std::int64_t>(b) + (c ? 1 : 0) + static_cast<std::int64_t>(d.size()) + (e.is_none() ? 1 : 0) +
         f;
}
std::string greet(std::string_view name) {
  std::string text("Hello, ");
  text += name;
  return text;
}
std::vector<std::int64_t> doubled(std::vector<std::int64_t> values) {
  for (std::int64_t& value : values) value *= 2;
  return values;
}
PyResult<std::int64_t> reject() { return PyValueError::new_err("the value is out of range"); }
std::int64_t reject_by_throw() { throw PyValueError::new_err("the value is out of range"); }

/// With the borrow flag.
class Counter {
 public:
  explicit Counter(std::int64_t start) : total_(start) {}
  void inc() { ++total_; }
  std::int64_t add(std::int64_t by) { return total_ += by; }
  std::int64_t total() const { return total_; }
  std::int64_t field = 7;

 private:
  std::int64_t total_;
};
/// The same, for Python classes to derive from.
class OpenCounter : public Counter {
 public:
  using Counter::Counter;
};
/// Without the flag.
class Frozen {
 public:
  explicit Frozen(std::int64_t start) : field(start) {}
  std::int64_t get() const { return field; }
  std::int64_t field;
};
class OpenFrozen : public Frozen {
 public:
  using Frozen::Frozen;
};

/// Operators.
struct Pair {
  double x = 0, y = 0;
  bool operator==(const Pair&) const = default;
  Pair plus(const Pair& other) const { return {x + other.x, y + other.y}; }
  Pair& operator+=(const Pair& other) {
    x += other.x;
    y += other.y;
    return *this;
  }
  double at(Index index) const { return index.in(2) == 0 ? x : y; }
  std::size_t size() const { return 2; }
  std::size_t hash() const { return 31 * static_cast<std::size_t>(x) + static_cast<std::size_t>(y); }
  bool has(double value) const { return value == x || value == y; }
  double scaled(double a, double b) const { return x * a + b; }
};
/// A container.
struct Row {
  explicit Row(std::int64_t size) {
    for (std::int64_t i = 0; i < size; ++i) numbers.push_back(1000 + i);
  }
  std::vector<std::int64_t> numbers;
};

std::int64_t pass_counter(const Counter& counter) { return counter.total(); }
enum class Shape { point, line, triangle, square, circle, sphere };
std::int64_t pass_enum(Shape shape) { return static_cast<std::int64_t>(shape); }
Shape return_enum(std::int64_t number) { return static_cast<Shape>(number); }
std::int64_t pass_frozen(const Frozen& frozen) { return frozen.get(); }
Counter return_counter(std::int64_t start) { return Counter(start); }
Frozen return_frozen(std::int64_t start) { return Frozen(start); }

template <class T>
void define_counter(ClassBuilder<T>& cls) {
  cls.template def_new<std::int64_t>();
  cls.template def<&T::inc>("inc");
  cls.template def<&T::add>("add");
  cls.template def<&T::total>("get");
  cls.template getter<&T::total>("total");
  cls.template field<&T::field>("field");
}
template <class T>
void define_frozen(ClassBuilder<T>& cls) {
  cls.template def_new<std::int64_t>();
  cls.template def<&T::get>("get");
  cls.template getter<&T::field>("field");
}

}  // namespace

template <>
struct adder::PyClass<Counter> {
  static constexpr auto name = "Counter";
  static void define(ClassBuilder<Counter>& cls) { define_counter(cls); }
};
template <>
struct adder::PyClass<OpenCounter> {
  static constexpr auto name = "OpenCounter";
  static constexpr bool subclass = true;
  static void define(ClassBuilder<OpenCounter>& cls) { define_counter(cls); }
};
template <>
struct adder::PyEnum<Shape> {
  static constexpr auto name = "Shape";
  static constexpr auto kind = EnumKind::int_enum;
  static constexpr EnumMember<Shape> members[] = {{"POINT", Shape::point},       {"LINE", Shape::line},
                                                  {"TRIANGLE", Shape::triangle}, {"SQUARE", Shape::square},
                                                  {"CIRCLE", Shape::circle},     {"SPHERE", Shape::sphere}};
};
template <>
struct adder::PyClass<Pair> {
  static constexpr auto name = "Pair";
  static constexpr bool eq = true;
  static void define(ClassBuilder<Pair>& cls) {
    cls.def_new<&Pair::x, &Pair::y>();
    cls.def<"__add__", &Pair::plus>();
    cls.def < "__iadd__", &Pair::operator+=>();
    cls.def<"__getitem__", &Pair::at>();
    cls.def<"__len__", &Pair::size>();
    cls.def<"__hash__", &Pair::hash>();
    cls.def<"__contains__", &Pair::has>();
    cls.def<"__call__", &Pair::scaled>();
  }
};
template <>
struct adder::PyClass<Row> {
  static constexpr auto name = "Row";
  static void define(ClassBuilder<Row>& cls) {
    cls.def_new<std::int64_t>();
    cls.def<"__iter__", each<&Row::numbers>>();
  }
};
template <>
struct adder::PyClass<Frozen> {
  static constexpr auto name = "Frozen";
  static constexpr bool frozen = true, sync = true;
  static void define(ClassBuilder<Frozen>& cls) { define_frozen(cls); }
};
template <>
struct adder::PyClass<OpenFrozen> {
  static constexpr auto name = "OpenFrozen";
  static constexpr bool frozen = true, sync = true;
  static constexpr bool subclass = true;
  static void define(ClassBuilder<OpenFrozen>& cls) { define_frozen(cls); }
};

ADDER_MODULE(bench_adder_ext, m) {
  m.def<&noop>("noop");
  m.def<&identity>("identity");
  m.def<&add>("add");
  m.def<&add_named>("add_named", arg("a"), arg("b"));
  m.def<&scale>("scale", arg("value"), arg("by") = 2);
  m.def<&length>("length");
  m.def<&mixed>("mixed");
  m.def<&greet>("greet");
  m.def<&doubled>("doubled");
  m.def<&reject>("reject");
  m.def<&reject_by_throw>("reject_by_throw");
  m.add_class<Counter>();
  m.add_class<OpenCounter>();
  m.add_class<Pair>();
  m.add_class<Row>();
  m.add_class<Frozen>();
  m.add_class<OpenFrozen>();
  m.def<&pass_counter>("pass_counter");
  m.def<&pass_frozen>("pass_frozen");
  m.add_enum<Shape>();
  m.def<&pass_enum>("pass_enum");
  m.def<&return_enum>("return_enum");
  m.def<&return_counter>("return_counter");
  m.def<&return_frozen>("return_frozen");
}
