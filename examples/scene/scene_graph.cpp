// SPDX-License-Identifier: MIT
// The scene graph in Python: shared nodes, visitors and controllers that Python classes override, callbacks.
#include "scene.hpp"

#include <adder/adder.hpp>
#include <adder/class/holder.hpp>
#include <adder/class/overridable.hpp>
#include <adder/class/protocols.hpp>  // IWYU pragma: keep (dunders)
#include <adder/stl/functional.hpp>
#include <adder/stl/string.hpp>
#include <adder/stl/vector.hpp>

#include <cstddef>
#include <memory>
#include <string>
#include <utility>
#include <vector>

using namespace adder;
using scene::Animation;
using scene::Controller;
using scene::Group;
using scene::Light;
using scene::Linear;
using scene::Mesh;
using scene::Node;
using scene::Vector;
using scene::Visitor;

namespace {

struct PyVisitor : Overridable<Visitor> {
  bool enter(const std::shared_ptr<Group>& group) override {
    return overridden<"enter">([] { return true; }, group);
  }
  void leave(const std::shared_ptr<Group>& group) override {
    overridden<"leave">([&] { Visitor::leave(group); }, group);
  }
  void visit(const std::shared_ptr<Mesh>& mesh) override {
    overridden<"visit_mesh">([&] { Visitor::visit(mesh); }, mesh);
  }
  void visit(const std::shared_ptr<Light>& light) override {
    overridden<"visit_light">([&] { Visitor::visit(light); }, light);
  }
};
struct PyMesh : Overridable<Mesh> {
  using Overridable::Overridable;
  std::size_t cost() const override {
    return overridden<"cost">([&] { return Mesh::cost(); });
  }
};
struct PyController : Overridable<Controller> {
  Vector at(double time) const override { return pure<"at", Vector>(time); }
};

/// A controller that Python has, too: what Animation owns leads to it.
struct SharedController : Controller {
  explicit SharedController(std::shared_ptr<const Controller> given) : shared(std::move(given)) {}
  Vector at(double time) const override { return shared->at(time); }
  std::shared_ptr<const Controller> shared;
};
void attach(Animation& animation, std::shared_ptr<Node> node, std::shared_ptr<const Controller> controller) {
  animation.attach(std::move(node), std::make_unique<SharedController>(std::move(controller)));
}
/// Without the GIL: controllers and listeners take it where they are Python's.
void play(const Animation& animation, Python py, const std::vector<double>& times) {
  py.allow_threads_unchecked([&] { animation.play(times); });
}
void walk(const std::shared_ptr<Node>& root, Visitor& visitor) { root->accept(visitor); }

}  // namespace

template <>
struct adder::PyClass<Vector> {
  static constexpr auto name = "Vector";
  static void define(ClassBuilder<Vector>& cls) {
    cls.def_new<&Vector::x, &Vector::y, &Vector::z>(arg("x") = 0.0, arg("y") = 0.0, arg("z") = 0.0);
    cls.field<&Vector::x>("x");
    cls.field<&Vector::y>("y");
    cls.field<&Vector::z>("z");
    cls.def < "__add__", &Vector::operator+>();
    cls.def<"__repr__", [](const Vector& v) {
      return "Vector(" + std::to_string(v.x) + ", " + std::to_string(v.y) + ", " + std::to_string(v.z) + ")";
    }>();
  }
};
template <>
struct adder::PyClass<Node> {
  static constexpr auto name = "Node";
  static constexpr bool subclass = true, weakref = true;
  using holder = std::shared_ptr<Node>;
  static void define(ClassBuilder<Node>& cls) {
    cls.getter<&Node::name>("name");
    cls.getter<&Node::path>("path");
    cls.getter<&Node::parent>("parent");
    cls.field<&Node::position>("position");
    cls.getter<&Node::world_position>("world_position");
    cls.def<&Node::cost>("cost");
  }
};
template <>
struct adder::PyClass<Group> {
  static constexpr auto name = "Group";
  static constexpr bool subclass = true;
  using base = Node;
  static void define(ClassBuilder<Group>& cls) {
    cls.def_new<std::string>(arg("name"));
    cls.def<&Group::add>("add", arg("child"));
    cls.def<&Group::remove>("remove", arg("child"));
    cls.getter<[](const Group& group) { return group.children(); }>("children");
  }
};
template <>
struct adder::PyClass<Mesh> {
  static constexpr auto name = "Mesh";
  static constexpr bool subclass = true;
  using base = Node;
  using overridable = PyMesh;
  static void define(ClassBuilder<Mesh>& cls) {
    cls.def_new<std::string, std::size_t>(arg("name"), arg("triangles"));
    cls.field<&Mesh::triangles>("triangles");
  }
};
template <>
struct adder::PyClass<Light> {
  static constexpr auto name = "Light";
  static constexpr bool subclass = true;
  using base = Node;
  static void define(ClassBuilder<Light>& cls) {
    cls.def_new<std::string, double>(arg("name"), arg("power"));
    cls.field<&Light::power>("power");
  }
};
template <>
struct adder::PyClass<Visitor> {
  static constexpr auto name = "Visitor";
  static constexpr bool subclass = true;
  using holder = std::shared_ptr<Visitor>;
  using overridable = PyVisitor;
  static void define(ClassBuilder<Visitor>& cls) { cls.def_new<>(); }
};
template <>
struct adder::PyClass<Controller> {
  static constexpr auto name = "Controller";
  static constexpr bool subclass = true;
  using holder = std::shared_ptr<Controller>;
  using overridable = PyController;
  static void define(ClassBuilder<Controller>& cls) {
    cls.def_new<>();
    cls.def<&Controller::at>("at", arg("time"));
  }
};
template <>
struct adder::PyClass<Linear> {
  static constexpr auto name = "Linear";
  using base = Controller;
  static void define(ClassBuilder<Linear>& cls) { cls.def_new<Vector>(arg("speed")); }
};
template <>
struct adder::PyClass<Animation> {
  static constexpr auto name = "Animation";
  static void define(ClassBuilder<Animation>& cls) {
    cls.def_new<>();
    cls.def<&attach>("attach", arg("node"), arg("controller"));
    cls.def<&Animation::listen>("listen", arg("listener"));
    cls.def<&play>("play", arg("times"));
    cls.def<"__len__", &Animation::size>();
  }
};

ADDER_MODULE(scene_graph, m) {
  m.add_class<Vector>();
  m.add_class<Node>();
  m.add_class<Group>();
  m.add_class<Mesh>();
  m.add_class<Light>();
  m.add_class<Visitor>();
  m.add_class<Controller>();
  m.add_class<Linear>();
  m.add_class<Animation>();
  m.def<&walk>("walk", arg("root"), arg("visitor"));
  m.def<&scene::total_cost>("total_cost", arg("root"));
}
