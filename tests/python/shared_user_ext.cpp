// SPDX-License-Identifier: MIT
// Uses the classes that shared_home_ext makes: as parameters, results, containers, bases.
#include "shared_classes.hpp"

#include <adder/class/protocols.hpp>  // IWYU pragma: keep (__add__)

#include <memory>
#include <string>
#include <utility>
#include <vector>

using namespace adder;
using namespace shared_classes;

template <>
struct adder::PyClass<Point> : PointClass {};
template <>
struct adder::PyClass<Fragile> : FragileClass {};
template <>
struct adder::PyClass<Tag> : TagClass {};
template <>
struct adder::PyClass<Register> : RegisterClass {};
template <>
struct adder::PyClass<Node> : NodeClass {};
template <>
struct adder::PyClass<Leaf> : LeafClass {};
template <>
struct adder::PyClass<Owned> : OwnedClass {};
template <>
struct adder::PyClass<Bike> : BikeClass {};
template <>
struct adder::PyClass<Rectangle> : RectangleClass {};
template <>
struct adder::PyClass<Ended> : EndedClass {};

namespace {

struct Shift {
  double by = 1;
};
/// Derives from a class of the other module.
struct Pixel : Point {
  int colour = 7;
};
class Twig : public Node {
 public:
  using Node::Node;
  std::string kind() const override { return "twig"; }
};
struct EndedToo : Ended {};
/// The same, and Python classes derive from it.
class Bush : public Node {
 public:
  using Node::Node;
  std::string kind() const override { return "bush"; }
};
class PyBush : public Overridable<Bush> {
 public:
  using Overridable::Overridable;
  std::string kind() const override {
    return overridden<"kind">([&] { return Bush::kind(); });
  }
};

}  // namespace

template <>
struct adder::PyClass<Shift> {
  static constexpr auto name = "Shift";
  static void define(ClassBuilder<Shift>& cls) {
    cls.def_new<&Shift::by>(arg("by") = 1.0);
    cls.def<"__add__", [](const Shift& self, const Point& point) { return Point{point.x + self.by, point.y}; }>();
    cls.def<"__radd__", [](const Shift& self, const Point& point) { return Point{point.x, point.y + self.by}; }>();
  }
};
template <>
struct adder::PyClass<Pixel> {
  static constexpr auto name = "Pixel";
  using base = Point;
  using fields = PartialFieldList<>;
  static constexpr bool subclass = true;
  static void define(ClassBuilder<Pixel>& cls) {
    cls.def_new<>();
    cls.field<&Pixel::colour>("colour");
  }
};
template <>
struct adder::PyClass<Twig> {
  static constexpr auto name = "Twig";
  using base = Node;
  using fields = PartialFieldList<>;
  static void define(ClassBuilder<Twig>& cls) { cls.def_new<std::string>(arg("name")); }
};
template <>
struct adder::PyClass<Bush> {
  static constexpr auto name = "Bush";
  static constexpr bool subclass = true;
  using base = Node;
  using overridable = PyBush;
  using fields = PartialFieldList<>;
  static void define(ClassBuilder<Bush>& cls) { cls.def_new<std::string>(arg("name")); }
};
template <>
struct adder::PyClass<EndedToo> {
  static constexpr auto name = "EndedToo";
  using base = Ended;
  static void define(ClassBuilder<EndedToo>& cls) { cls.def_new<>(); }
};

ADDER_MODULE(shared_user_ext, m) {
  m.add("checked", ADDER_CHECKED != 0);
  m.add_class<Shift>();
  m.def<[](const Point& point) { return point.x + point.y; }>("sum", arg("point"));
  m.def<[](Point& point) { point.x += 1; }>("step", arg("point"));
  m.def<[](double x) { return Point{x, -x, {x}}; }>("make_point", arg("x"));
  m.def<[](std::vector<Point> points) {
    std::swap(points.front(), points.back());
    return points;
  }>("swapped");
  m.def<[](Python py, const std::string& text) { return Bound<Fragile>::new_(py, text); }>("make_fragile");
  m.def<[](const Fragile& fragile) { return fragile.content; }>("content_of");
  m.def<[](const Tag& tag) { return Tag{tag.number + 1}; }>("next_tag");
  m.def<[](Register& given) { return ++given.asked; }>("ask");
  m.def<[](Python py) { return Bound<Register>::new_(py); }>("make_register");
  m.def<[](std::shared_ptr<Node> node) { return node; }>("same_node");
  m.def<[](std::shared_ptr<Leaf> leaf) { return leaf; }>("same_leaf");
  m.def<[](const std::string& name) -> std::shared_ptr<Node> { return std::make_shared<Leaf>(name); }>("make_leaf");
  m.def<[](const std::string& name) -> std::shared_ptr<Node> { return std::make_shared<Twig>(name); }>("make_twig");
  m.def<[](const std::string& name) { return std::make_shared<Node>(name); }>("make_node");
  m.def<[](Node& node, std::shared_ptr<Node> child) { node.children.push_back(std::move(child)); }>("adopt");
  m.def<[](const Node& node) { return node.kind(); }>("kind_of");
  m.def<[](Node& node) { return node.kind(); }>("kind_of_held");
  m.def<[](const std::shared_ptr<Node>& node, const Bound<PyAny>& callback) {
    callback();
    return node->name;
  }>("name_after");
  m.def<[] { return std::make_unique<Owned>("user"); }>("make_owned");
  m.def<[](std::unique_ptr<Owned> owned) { return owned->text; }>("take_owned");
  m.def<[](Bike& bike) { bike.wheel.spokes.assign(1000, {}); }>("repair");
  m.def<[](double width) { return Rectangle{width, 2}; }>("make_rectangle");
  m.def<[](const Rectangle& given) { return given.area(); }>("area_of");
  m.def<[](Python py) { return py.get_type<Pixel>(); }>("pixel");
  m.def<[](Python py) { return py.get_type<Twig>(); }>("twig");
  m.def<[](Python py) { return py.get_type<Bush>(); }>("bush");
  m.def<[](Python py) { return py.get_type<EndedToo>(); }>("ended_too");
  m.def<[] { return EndedClass::finalized; }>("finalized");
  m.add_submodule("again", [](ModuleBuilder& again) { again.add_class<Point>(); });
}
