// SPDX-License-Identifier: MIT
// Makes the classes of shared_classes.hpp, which other modules use.
#include "shared_classes.hpp"

#include <adder/class/part.hpp>
#include <adder/class/protocols.hpp>  // IWYU pragma: keep (eq)

#include <memory>
#include <string>

using namespace adder;
using namespace shared_classes;

namespace {
struct Outer {};
}  // namespace

template <>
struct adder::PyClass<Point> : PointClass {
  static constexpr bool eq = true;
  static void define(ClassBuilder<Point>& cls) {
    cls.def_new<&Point::x, &Point::y>(arg("x") = 0.0, arg("y") = 0.0);
    cls.field<&Point::x>("x");
    cls.field<&Point::y>("y");
    cls.def<[](Point& self, const Bound<PyAny>& callback) {
      callback();
      self.x = 0;
    }>("change_during");
  }
};
template <>
struct adder::PyClass<Fragile> : FragileClass {
  static void define(ClassBuilder<Fragile>& cls) {
    cls.def_new<std::string>(arg("content"));
    cls.field<&Fragile::content>("content");
  }
};
template <>
struct adder::PyClass<Outer> {
  static constexpr auto name = "Outer";
  static void define(ClassBuilder<Outer>& cls) { cls.add_class<Tag>(); }
};
template <>
struct adder::PyClass<Tag> : TagClass {
  static void define(ClassBuilder<Tag>& cls) {
    cls.def_new<&Tag::number>(arg("number") = 0);
    cls.getter<&Tag::number>("number");
  }
};
template <>
struct adder::PyClass<Register> : RegisterClass {
  static void define(ClassBuilder<Register>& cls) {
    cls.def_new<>();
    cls.field<&Register::asked>("asked");
  }
};
template <>
struct adder::PyClass<Node> : NodeClass {
  static void define(ClassBuilder<Node>& cls) {
    cls.def_new<std::string>(arg("name"));
    cls.def<&Node::kind>("kind");
    cls.field<&Node::name>("name");
    cls.field<&Node::children>("children");
  }
};
template <>
struct adder::PyClass<Leaf> : LeafClass {
  static void define(ClassBuilder<Leaf>& cls) { cls.def_new<std::string>(arg("name")); }
};
template <>
struct adder::PyClass<Spoke> {
  static constexpr auto name = "Spoke";
  static constexpr bool part = true;
  static void define(ClassBuilder<Spoke>& cls) { cls.field<&Spoke::length>("length"); }
};
template <>
struct adder::PyClass<Wheel> {
  static constexpr auto name = "Wheel";
  static constexpr bool part = true;
  static void define(ClassBuilder<Wheel>& cls) {
    cls.def_new<>();
    cls.def<part_of<&Wheel::first>>("first");
    cls.def<[](Wheel& wheel) { wheel.spokes.clear(); }>("empty");
    cls.def<"__len__", [](const Wheel& wheel) { return wheel.spokes.size(); }>();
  }
};
template <>
struct adder::PyClass<Bike> : BikeClass {
  static void define(ClassBuilder<Bike>& cls) {
    cls.def_new<>();
    cls.part<&Bike::wheel>("wheel");
  }
};
template <>
struct adder::PyClass<Owned> : OwnedClass {
  static void define(ClassBuilder<Owned>& cls) {
    cls.def_new<std::string>(arg("text"));
    cls.field<&Owned::text>("text");
  }
};
template <>
struct adder::PyClass<Rectangle> : RectangleClass {
  static void define(ClassBuilder<Rectangle>& cls) {
    cls.def_new<&Rectangle::width, &Rectangle::height>(arg("width") = 1.0, arg("height") = 1.0);
    cls.def<&Rectangle::area>("area");
  }
};
template <>
struct adder::PyClass<Ended> : EndedClass {
  static void define(ClassBuilder<Ended>& cls) { cls.def_new<>(); }
};

ADDER_MODULE(shared_home_ext, m) {
  m.add_class<Point>();
  m.add_class<Fragile>();
  m.add_class<Outer>();
  m.add_class<Register>();
  m.add_class<Node>();
  m.add_class<Leaf>();
  m.add_class<Owned>();
  m.add_class<Spoke>();
  m.add_class<Wheel>();
  m.add_class<Bike>();
  m.add_class<Rectangle>();
  m.add_class<Ended>();
  m.def<[] { return Fragile::destroyed; }>("destroyed");
  m.def<[] { return EndedClass::finalized; }>("finalized");
  m.def<[](std::shared_ptr<Node> node) { return node; }>("same_node");
  m.def<[](const Node& node) { return node.kind(); }>("kind_of");
  m.def<[](Node& node) { return node.kind(); }>("kind_of_held");
  m.def<[](const std::shared_ptr<Node>& node, const Bound<PyAny>& callback) {
    callback();
    return node->name;
  }>("name_after");
  m.def<[] { return std::make_unique<Owned>("home"); }>("make_owned");
  m.def<[](std::unique_ptr<Owned> owned) { return owned->text; }>("take_owned");
}
