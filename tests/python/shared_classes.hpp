// SPDX-License-Identifier: MIT
// Classes that shared_home_ext makes and others use.
#pragma once
#include <adder/adder.hpp>
#include <adder/class/holder.hpp>
#include <adder/class/overridable.hpp>
#include <adder/class/shared_from.hpp>
#include <adder/stl/string.hpp>
#include <adder/stl/vector.hpp>

#include <memory>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

namespace shared_classes {

struct Point {
  double x = 0, y = 0;
  std::vector<double> trail{};
  bool operator==(const Point&) const = default;
};

/// Dies in its constructor where it is told to; its objects are more than plain ones.
struct Fragile {
  explicit Fragile(const std::string& text) : content(text) {
    if (text == "broken") throw std::invalid_argument("broken");
  }
  ~Fragile() { ++destroyed; }
  std::string content;
  static inline int destroyed = 0;  ///< Of each module; the one that makes the class destroys.
};

struct Tag {
  int number = 0;
};

struct Register {
  int asked = 0;
};

class Node {
 public:
  explicit Node(std::string given) : name(std::move(given)) {}
  Node(const Node&) = delete;
  Node& operator=(const Node&) = delete;
  virtual ~Node() = default;
  virtual std::string kind() const { return "node"; }
  std::string name;
  std::vector<std::shared_ptr<Node>> children;
};
class Leaf : public Node {
 public:
  using Node::Node;
  std::string kind() const override { return "leaf"; }
};
class PyNode : public adder::Overridable<Node> {
 public:
  using Overridable::Overridable;
  std::string kind() const override {
    return overridden<"kind">([&] { return Node::kind(); });
  }
};

struct Spoke {
  int length = 1;
};
struct Wheel {
  std::vector<Spoke> spokes = std::vector<Spoke>(3);
  Spoke& first() { return spokes.at(0); }
};
struct Bike {
  Wheel wheel;
};

struct Owned {
  explicit Owned(std::string given) : text(std::move(given)) {}
  std::string text;
};

struct Ended {};

struct Rectangle {
  double width = 1, height = 1;
  double area() const { return width * height; }
};

// What their PyClasses have in common.
inline constexpr auto home = "shared_home_ext";
struct PointClass {
  static constexpr auto name = "Point";
  static constexpr auto shared_from = home;
  static constexpr bool subclass = true;
};
struct FragileClass {
  static constexpr auto name = "Fragile";
  static constexpr auto shared_from = home;
  static constexpr bool weakref = true, subclass = true;
};
struct TagClass {
  static constexpr auto name = "Outer.Tag";
  static constexpr auto shared_from = home;
  static constexpr bool frozen = true, sync = true;
};
struct RegisterClass {
  static constexpr auto name = "Register";
  static constexpr auto shared_from = home;
  using base = adder::PyDict;
};
struct NodeClass {
  static constexpr auto name = "Node";
  static constexpr auto shared_from = home;
  static constexpr bool subclass = true;
  using holder = std::shared_ptr<Node>;
  using overridable = PyNode;
  using fields = adder::PartialFieldList<>;
};
struct LeafClass {
  static constexpr auto name = "Leaf";
  static constexpr auto shared_from = home;
  using base = Node;
  using fields = adder::PartialFieldList<>;
};
struct BikeClass {
  static constexpr auto name = "Bike";
  static constexpr auto shared_from = home;
  using fields = adder::PartialFieldList<>;
};
struct OwnedClass {
  static constexpr auto name = "Owned";
  static constexpr auto shared_from = home;
  using holder = std::unique_ptr<Owned>;
};
struct EndedClass {
  static constexpr auto name = "Ended";
  static constexpr auto shared_from = home;
  static constexpr bool dict = true, subclass = true;
  static void finalize(const adder::Bound<Ended>&) { ++finalized; }
  static inline int finalized = 0;  ///< Of each module.
};
struct RectangleClass {
  static constexpr auto name = "Rectangle";
  static constexpr auto shared_from = home;
  static constexpr bool subclass = true;
  static adder::Bound<adder::PyAny> python_base(adder::Python py) {
    return py.import("shapes_in_python").getattr("Shape");
  }
};

}  // namespace shared_classes
