// SPDX-License-Identifier: MIT
// Calls and classes, bound with adder.
#include "calls.hpp"

#include "adder/adder.hpp"
#include "adder/class/enum.hpp"
#include "adder/class/iterate.hpp"
#include "adder/class/protocols.hpp"
#include "adder/function/overload.hpp"
#include "adder/stl/optional.hpp"  // IWYU pragma: keep (what is bound)
#include "adder/stl/pair.hpp"      // IWYU pragma: keep (what is bound)
#include "adder/stl/span.hpp"      // IWYU pragma: keep (what is bound)
#include "adder/stl/string.hpp"    // IWYU pragma: keep (what is bound)
#include "adder/stl/vector.hpp"    // IWYU pragma: keep (what is bound)

#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>

namespace {

using namespace adder;
using namespace calls;

Bound<PyAny> identity(const Bound<PyAny>& object) { return object; }
Py<PyAny> identity_kept(Py<PyAny> object) { return object; }
Int mixed_any(Int a, double b, bool c, std::string_view d, const Bound<PyAny>& e, std::uint8_t f) {
  return mixed(a, b, c, d.size(), e.is_none(), f);
}
Int mixed_named(Int a, double b, bool c, std::string_view d, const Bound<PyAny>& e, std::uint8_t f) {
  return mixed(a, b, c, d.size(), e.is_none(), f);
}
std::size_t count_bytes(std::span<const std::byte> bytes) { return bytes.size(); }
std::span<const std::byte> same_bytes(std::span<const std::byte> bytes) { return bytes; }
PyResult<Int> reject() { return PyValueError::new_err("the value is out of range"); }
Int reject_by_throw() { throw PyValueError::new_err("the value is out of range"); }

template <class T>
void define_counter(ClassBuilder<T>& cls) {
  cls.template def_new<Int>();
  cls.template def<&T::inc>("inc");
  cls.template def<&T::add>("add");
  cls.template def<&T::add_two>("add_two");
  cls.template def<&T::total>("get");
  cls.template getter<&T::total>("total");
  cls.template setter<&T::set_total>("total");
  cls.template field<&T::field>("field");
}
template <class T>
void define_frozen(ClassBuilder<T>& cls) {
  cls.template def_new<Int>();
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
    cls.def < "__lt__", &Pair::operator<>();
    cls.def<"__getitem__", &Pair::get>();
    cls.def<"__setitem__", &Pair::set>();
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
    cls.def_new<Int>();
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

ADDER_MODULE(calls_adder, m) {
  m.def<&take<>>("take_0");
  m.def<&take<Int>>("take_1");
  m.def<&take<Int, Int>>("take_2");
  m.def<&take<Int, Int, Int>>("take_3");
  m.def<&take<Int, Int, Int, Int>>("take_4");
  m.def<&take<Int, Int, Int, Int, Int, Int>>("take_6");
  m.def<&take<Int, Int, Int, Int, Int, Int, Int, Int>>("take_8");
  m.def<&take<Int, Int, Int, Int, Int, Int, Int, Int, Int, Int, Int, Int>>("take_12");
  m.def<&take<Int, Int, Int, Int, Int, Int, Int, Int, Int, Int, Int, Int, Int, Int, Int, Int>>("take_16");
  m.def<&identity>("identity");
  m.def<&identity_kept>("identity_kept");
  m.def<&add>("add");
  m.def<&add_named>("add_named", arg("a"), arg("b"));
  m.def<&scale>("scale", arg("value"), arg("by") = 2);
  m.def<&mixed_any>("mixed");
  m.def<&mixed_named>("mixed_named", arg("a"), arg("b"), arg("c"), arg("d"), arg("e"), arg("f"));
  m.def<overload<&over_int, &over_double, &over_text>>("over");
  m.def<&not_>("not_");
  m.def<&half>("half");
  m.def<&calls::byte>("byte");
  m.def<&length>("length");
  m.def<&length_of_string>("length_of_string");
  m.def<&text>("text");
  m.def<&greet>("greet");
  m.def<&count_bytes>("count_bytes");
  m.def<&same_bytes>("same_bytes");
  m.def<&or_seven>("or_seven");
  m.def<&swapped>("swapped");
  m.def<&doubled>("doubled");
  m.def<&reject>("reject");
  m.def<&reject_by_throw>("reject_by_throw");
  m.def<&reject_standard>("reject_standard");
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
