// SPDX-License-Identifier: MIT
// The classes bound as one would without reflection.
#include "classes.hpp"

#include <adder/class/pickle.hpp>  // IWYU pragma: keep (def_pickle)
#include <adder/function/overload.hpp>

#include <cstdint>
#include <string>
#include <type_traits>
#include <utility>

using namespace adder;
using namespace geometry;

template <>
struct adder::PyEnum<Color> {
  static constexpr auto name = "Color";
  static constexpr EnumMember<Color> members[] = {{"red", Color::red}, {"green", Color::green}, {"from_", Color::from}};
};
template <>
struct adder::PyEnum<Finish> {
  static constexpr auto name = "Finish";
  static constexpr EnumMember<Finish> members[] = {{"matt", Finish::matt}, {"glossy", Finish::glossy}};
};
template <>
struct adder::PyEnum<Many::Mode> {
  static constexpr auto name = "Mode";
  static constexpr EnumMember<Many::Mode> members[] = {{"slow", Many::Mode::slow}, {"fast", Many::Mode::fast}};
};
template <>
struct adder::PyEnum<annotated::Perm> {
  static constexpr auto name = "Perm";
  static constexpr auto doc = "What may be done.";
  static constexpr auto kind = EnumKind::flag;
  static constexpr EnumMember<annotated::Perm> members[] = {{"READ", annotated::Perm::read, "Look."},
                                                            {"WRITE", annotated::Perm::write}};
};

template <>
struct adder::PyClass<Point> {
  static constexpr auto name = "Point";
  static void define(ClassBuilder<Point>& cls) {
    cls.def_new<&Point::x, &Point::y, &Point::label>(arg("x"), arg("y") = 2.0, arg("label") = std::string("none"));
    cls.field<&Point::x>("x");
    cls.field<&Point::y>("y");
    cls.field<&Point::label>("label");
    cls.def<&Point::length>("length");
    cls.def<&Point::move>("move", arg("by_x"), arg("by_y"));
  }
};
template <>
struct adder::PyClass<Shape> {
  static constexpr auto name = "Shape";
  static constexpr bool subclass = true;
  static void define(ClassBuilder<Shape>& cls) {
    cls.def<&Shape::area>("area");
    cls.def<&Shape::name>("name");
    cls.field<&Shape::color>("color");
  }
};
template <>
struct adder::PyClass<Square> {
  static constexpr auto name = "Square";
  using base = Shape;
  static void define(ClassBuilder<Square>& cls) {
    cls.def_new<double>(arg("side"));
    cls.def<&Square::area>("area");
    cls.def<&Square::side>("side");
  }
};
template <>
struct adder::PyClass<Vec> {
  static constexpr auto name = "Vec";
  static constexpr bool eq = true;
  static void define(ClassBuilder<Vec>& cls) {
    cls.def_new<double, double>(arg("x"), arg("y"));
    cls.def<&Vec::x>("x");
    cls.def < "__add__", &Vec::operator+>();
    cls.def<"__sub__", static_cast<Vec (Vec::*)(const Vec&) const>(&Vec::operator-)>();
    cls.def<"__neg__", static_cast<Vec (Vec::*)() const>(&Vec::operator-)>();
    cls.def<"__mul__", overload<static_cast<Vec (Vec::*)(double) const>(&Vec::operator*),
                                static_cast<double (Vec::*)(const Vec&) const>(&Vec::operator*)>>();
    cls.def < "__iadd__", &Vec::operator+=>();
    cls.def < "__bool__", &Vec::operator bool>();
    cls.def<"__call__", &Vec::operator()>(arg("a"), arg("b"));
    cls.def<"__truediv__", static_cast<Vec (*)(const Vec&, double)>(&geometry::operator/)>();
    cls.def<"__rmul__", [](const Vec& vec, double by) { return by * vec; }>();
  }
};
template <>
struct adder::PyClass<Version> {
  static constexpr auto name = "Version";
  static constexpr bool eq = true;
  static constexpr bool order = true;
  static void define(ClassBuilder<Version>& cls) {
    cls.def_new<&Version::major_number, &Version::minor_number>(arg("major_number") = 0, arg("minor_number") = 0);
    cls.field<&Version::major_number>("major_number");
    cls.field<&Version::minor_number>("minor_number");
  }
};
template <>
struct adder::PyClass<Many> {
  static constexpr auto name = "Many";
  static void define(ClassBuilder<Many>& cls) {
    cls.add_enum<Many::Mode>();
    cls.def_new<overload<constructor<>, constructor<int>, constructor<std::string>>>(
        signature(), signature(arg("start")), signature(arg("text")));
    cls.attr("limit", Many::limit);
    cls.attr("unit", Many::unit);
    cls.def<static_cast<int (Many::*)() const>(&Many::get)>("get");
    cls.def<
        overload<static_cast<int (Many::*)(int)>(&Many::add), static_cast<double (Many::*)(double) const>(&Many::add)>>(
        "add", signature(arg("by")), signature(arg("by")));
    cls.def<overload<[](Many& self, int value) { self.set(value); }, &Many::set>>(
        "set", signature(arg("value")), signature(arg("value"), arg("times")));
    cls.def_staticmethod<&Many::twice>("twice", arg("number"));
    cls.def_staticmethod<overload<static_cast<std::string (*)(const std::string&, const std::string&)>(&Many::join),
                                  static_cast<std::string (*)(int, int)>(&Many::join)>>(
        "join", signature(arg("first"), arg("second")), signature(arg("first"), arg("second")));
    cls.def<&Many::import>("import_", arg("lambda_"));
    cls.def<&Many::unnamed>("unnamed");
    cls.def<&Many::mode>("mode");
    cls.def<&Many::fails>("fails", arg("code"));
  }
};
template <>
struct adder::PyClass<Mixed> {
  static constexpr auto name = "Mixed";
  using fields = PartialFieldList<&Mixed::id, &Mixed::maybe, &Mixed::color>;
  static void define(ClassBuilder<Mixed>& cls) {
    cls.def_new<>();
    cls.getter<&Mixed::id>("id");
    cls.getter<[](const Mixed& self) -> unsigned { return self.flag; }>("flag");
    cls.setter<[](Mixed& self, unsigned value) {
      if (value > 7) throw PyOverflowError::new_err("flag has room for 3 bits");
      self.flag = value & 7U;
    }>("flag");
    cls.field<&Mixed::maybe>("maybe");
    cls.field<&Mixed::color>("color");
    cls.field<&Mixed::title>("title");
    cls.def<&Mixed::shout>("shout");
  }
};
template <>
struct adder::PyClass<Box> {
  static constexpr auto name = "Box";
  using fields = FieldList<&Box::kept_>;
  static void define(ClassBuilder<Box>& cls) {
    cls.def_new<>();
    cls.def<&Box::keep>("keep", arg("object"));
  }
};
template <>
struct adder::Traverse<outside::Attic> {
  static constexpr bool holds_handles = true;
  static void visit(PyVisit& visit, const outside::Attic& attic) { visit(attic.stowed_); }
  static void clear(outside::Attic& attic) { attic.stowed_.clear(); }
};
template <>
struct adder::PyClass<Rack> {
  static constexpr auto name = "Rack";
  using fields = PartialFieldList<&Rack::laid_>;
  static void define(ClassBuilder<Rack>& cls) {
    cls.def_new<>();
    cls.def<[](Rack& self, PyObj object) { self.lay(std::move(object)); }>("lay", arg("object"));
    cls.def<[](const Rack& self) { return self.laid(); }>("laid");
  }
};
template <>
struct adder::PyClass<Node> {
  static constexpr auto name = "Node";
  using fields = FieldList<&Node::name_, &Node::children_, &Node::box_, &Node::attic_>;
  static void define(ClassBuilder<Node>& cls) {
    cls.def_new<>();
    cls.def<&Node::keep>("keep", arg("object"));
    cls.def<&Node::put>("put", arg("object"));
    cls.def<&Node::stow>("stow", arg("object"));
  }
};
template <>
struct adder::PyClass<Counter> {
  static constexpr auto name = "Counter";
  static constexpr bool frozen = true;
  static constexpr bool sync = true;
  static void define(ClassBuilder<Counter>& cls) {
    cls.def_new<int>(arg("start"));
    cls.def<&Counter::next>("next");
  }
};
static Money money_from(std::int64_t cents) { return Money(cents); }
template <>
struct adder::PyClass<Money> {
  static constexpr auto name = "Money";
  static constexpr bool eq = true;
  static void define(ClassBuilder<Money>& cls) {
    cls.def_new<std::int64_t>(arg("cents"));
    cls.def<&Money::cents>("cents");
    cls.def_pickle<&Money::cents, &money_from>();
  }
};
template <>
struct adder::UngilTraits<annotated::Account> : std::true_type {};
template <>
struct adder::PyClass<annotated::Account> {
  using Account = annotated::Account;
  static constexpr auto name = "BankAccount";
  static constexpr auto doc = "Somebody's money.";
  static void define(ClassBuilder<Account>& cls) {
    cls.def_new<std::string, std::int64_t>(arg("owner"), arg("balance") = 0);
    cls.getter<&Account::owner>("owner");
    cls.getter<&Account::get_balance>("balance", "In cents.");
    cls.setter<&Account::set_balance>("balance");
    cls.def<&Account::deposit>("deposit", arg("amount"), arg("currency") = "EUR", "Pay in.");
    cls.def<"__repr__", &Account::text>();
    cls.def<"__len__", &Account::size>();
    cls.def < "__getitem__", &Account::operator[]>();
    cls.def<&Account::wait>("wait", arg("seconds"), release_gil);
    cls.getter<&Account::number>("number", "For good.");
  }
};

template <>
struct adder::PyClass<annotated::Plain> {
  using Plain = annotated::Plain;
  static constexpr auto name = "Plain";
  static void define(ClassBuilder<Plain>& cls) {
    cls.def_new<&Plain::value>(arg("value") = 1);
    cls.field<&Plain::value>("value");
    cls.def<&Plain::get>("get");
  }
};

ADDER_MODULE(by_hand_ext, m) {
  m.add_enum<Color>();
  m.add_enum<Finish>();
  m.add_enum<annotated::Perm>();
  m.add_class<Point>();
  m.add_class<Shape>();
  m.add_class<Square>();
  m.add_class<Vec>();
  m.add_class<Version>();
  m.add_class<Many>();
  m.add_class<Mixed>();
  m.add_class<Box>();
  m.add_class<Node>();
  m.add_class<Rack>();
  m.add_class<Counter>();
  m.add_class<Money>();
  m.add_class<annotated::Account>();
  m.add_class<annotated::Plain>();
  m.add("answer", tools::answer);
  m.add("motto", tools::motto);
  m.def<overload<static_cast<int (*)(int, int)>(&tools::add),
                 static_cast<std::string (*)(const std::string&, const std::string&)>(&tools::add)>>(
      "add", signature(arg("first"), arg("second")), signature(arg("first"), arg("second")));
  m.def<overload<[](int number) { return tools::scale(number); }, &tools::scale>>("scale", signature(arg("number")),
                                                                                  signature(arg("number"), arg("by")));
  m.def<overload<[](bool given) { return std::string(tools::or_default(given)); }, &tools::or_default>>(
      "or_default", signature(arg("given")), signature(arg("given"), arg("text")));
  m.def<overload<[](Python py) { return into_py(py, tools::text_or_default()); }, &tools::text_or_default>>(
      "text_or_default", signature(), signature(arg("text")));
  m.def<&tools::color_of>("color_of", arg("hot"), release_gil, "Of which colour it is.");
  m.def<&tools::norm>("norm", arg("vec"));
}
