// SPDX-License-Identifier: MIT
// Values that C++ owns too, bound with adder.
#include "sharing.hpp"

#include <adder/adder.hpp>
#include <adder/class/overridable.hpp>
#include <adder/stl/functional.hpp>
#include <adder/stl/vector.hpp>  // IWYU pragma: keep (conversions)

#include <memory>

using namespace adder;
using sharing::Animal;
using sharing::Dog;
using sharing::Node;

namespace {
struct PyAnimal : Overridable<Animal> {
  int legs(int more) const override {
    return overridden<"legs">([&] { return Animal::legs(more); }, more);
  }
};
}  // namespace

template <>
struct adder::PyClass<Node> {
  static constexpr auto name = "Node";
  using holder = std::shared_ptr<Node>;
  static void define(ClassBuilder<Node>& cls) {
    cls.def_new<>();
    cls.field<&Node::value>("value");
    cls.def<&Node::get>("get");
  }
};
template <>
struct adder::PyClass<Animal> {
  static constexpr auto name = "Animal";
  static constexpr bool subclass = true;
  using holder = std::shared_ptr<Animal>;
  using overridable = PyAnimal;
  static void define(ClassBuilder<Animal>& cls) {
    cls.def_new<>();
    cls.def<&Animal::legs>("legs");
  }
};
template <>
struct adder::PyClass<Dog> {
  static constexpr auto name = "Dog";
  using base = Animal;
  static void define(ClassBuilder<Dog>& cls) { cls.def_new<>(); }
};

ADDER_MODULE(sharing_adder, m) {
  m.add_class<Node>();
  m.add_class<Animal>();
  m.add_class<Dog>();
  m.def<&sharing::keep>("keep");
  m.def<&sharing::clear>("clear");
  m.def<&sharing::last>("last");
  m.def<&sharing::fresh>("fresh");
  m.def<&sharing::read>("read");
  m.def<&sharing::sum>("sum");
  m.def<&sharing::all>("all");
  m.def<&sharing::make_animal>("make_animal");
  m.def<&sharing::count_legs>("count_legs");
  m.def<&sharing::call>("call");
  m.def<&sharing::same>("same");
  m.def<&sharing::adding>("adding");
}
