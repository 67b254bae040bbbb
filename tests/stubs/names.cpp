// SPDX-License-Identifier: MIT
// Names that are in the way of a stub, or of each other.
#include "adder/adder.hpp"
#include "adder/class/enum.hpp"
#include "adder/class/holder.hpp"
#include "adder/class/iterate.hpp"
#include "adder/class/protocols.hpp"
#include "adder/function/overload.hpp"
#include "adder/stl/functional.hpp"
#include "adder/stl/map.hpp"
#include "adder/stl/string.hpp"
#include "adder/stl/vector.hpp"

#include <functional>
#include <map>
#include <memory>
#include <string>
#include <vector>

namespace {

/// Its members are called as types are that they take and return.
struct Shelf {
  std::vector<int> numbers;
  std::vector<int> list() const { return numbers; }
  int first(const std::vector<int>& otherwise) const { return numbers.empty() ? otherwise.at(0) : numbers.front(); }
  int count() const { return static_cast<int>(numbers.size()); }
};
/// Called as what stubs import.
struct Any {
  int value = 0;
};
/// A tree, with functions of trees.
struct Tree {
  std::vector<std::shared_ptr<Tree>> children;
  std::map<std::string, std::vector<std::shared_ptr<Tree>>> by_name() const { return {{"all", children}}; }
  void apply(const std::function<std::shared_ptr<Tree>(std::shared_ptr<Tree>)>& function) {
    for (std::shared_ptr<Tree>& child : children) child = function(child);
  }
};
struct Point {
  int x = 0;
};
struct OtherPoint {
  double y = 0;
};
enum class Colour { red, green };
struct Inner {
  int depth = 1;
};
struct Outer {
  Inner inner() const { return {}; }
};

int one(int x) { return x; }
Any anything(const adder::Bound<adder::PyAny>&) { return {}; }
Point to_point(const OtherPoint& other) { return {static_cast<int>(other.y)}; }
Inner innermost(const Outer& outer) { return outer.inner(); }
Colour brighter(Colour colour) { return colour; }
int length(const std::string& text) { return static_cast<int>(text.size()); }

}  // namespace

template <>
struct adder::PyClass<Shelf> {
  static constexpr auto name = "Shelf";
  static void define(ClassBuilder<Shelf>& cls) {
    cls.def_new<>();
    cls.def<&Shelf::list>("list");
    cls.def<&Shelf::first>("first", arg("otherwise"));
    cls.getter<&Shelf::count>("int");
    cls.def<[](const Shelf&) { return 1; }>("__private");
    cls.def<[](const Shelf&) { return 2; }>("not an identifier");
    cls.def<[](const Shelf&) { return 3; }>("import");
  }
};
template <>
struct adder::PyClass<Any> {
  static constexpr auto name = "Any";
  static void define(ClassBuilder<Any>& cls) { cls.field<&Any::value>("value"); }
};
template <>
struct adder::PyClass<Tree> {
  static constexpr auto name = "Tree";
  static constexpr bool subclass = true;
  using holder = std::shared_ptr<Tree>;
  static void define(ClassBuilder<Tree>& cls) {
    cls.def_new<>();
    cls.field<&Tree::children>("children");
    cls.def<&Tree::by_name>("by_name");
    cls.def<"__iter__", each<&Tree::children>>();
    cls.def<&Tree::apply>("apply", arg("function"));
  }
};
template <>
struct adder::PyClass<Point> {
  static constexpr auto name = "Point";
  static constexpr auto module = "names";
  static void define(ClassBuilder<Point>& cls) { cls.field<&Point::x>("x"); }
};
template <>
struct adder::PyClass<OtherPoint> {
  static constexpr auto name = "Point";
  static constexpr auto module = "names";
  static void define(ClassBuilder<OtherPoint>& cls) { cls.field<&OtherPoint::y>("y"); }
};
template <>
struct adder::PyEnum<Colour> {
  static constexpr auto name = "Colour";
  static constexpr EnumMember<Colour> members[] = {{"RED", Colour::red}, {"GREEN", Colour::green}};
};
template <>
struct adder::PyClass<Inner> {
  static constexpr auto name = "Inner";
  static void define(ClassBuilder<Inner>& cls) { cls.field<&Inner::depth>("depth"); }
};
template <>
struct adder::PyClass<Outer> {
  static constexpr auto name = "Outer";
  static void define(ClassBuilder<Outer>& cls) {
    cls.def_new<>();
    cls.add_class<Inner>();
    cls.def<&Outer::inner>("inner");
  }
};

ADDER_MODULE(names, m) {
  m.doc("Names that \"are\" in the way. \\ \x01");
  m.add_enum<Colour>();
  m.add_class<Any>();
  m.add_class<Shelf>();
  m.add_class<Tree>();
  m.add_class<Point>();
  m.add_class<Outer>();
  m.def<[](int x) { return x + 1; }>("not-an-identifier");
  m.def<[](int x) { return x + 2; }>("class");
  m.def<[](int x) { return x + 3; }>("keyword", adder::arg("from"));
  m.def<[](int x) { return x + 4; }>("_private", adder::arg("x"));
  m.def<&anything>("anything", adder::arg("of"));
  m.def<&innermost>("innermost", adder::arg("outer"));
  m.def<&brighter>("brighter", adder::arg("colour") = Colour::red);
  m.def<adder::overload<&one, &length>>("either", adder::signature(adder::arg("x")), adder::signature(adder::arg("x")),
                                        "Takes either.");
  m.add("limit", 3);
  m.add("texts", std::vector<std::string>{"a", "b"});
  m.add_submodule("other", [](adder::ModuleBuilder& other) {
    other.add_class<OtherPoint>();
    other.def<&to_point>("to_point", adder::arg("other"));
    other.def<[](const Outer& outer) { return outer.inner().depth; }>("depth", adder::arg("outer"));
  });
}
