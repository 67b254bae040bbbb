// SPDX-License-Identifier: MIT
// The string that it leads to dies with the result of the call.
// FIRST: adder: a C.. function that calls Python cannot return a pointer or a view
#include "adder/adder.hpp"
#include "adder/class/overridable.hpp"

#include <memory>
#include <string_view>

using namespace adder;

struct Shape {
  virtual ~Shape() = default;
  virtual std::string_view label() const { return "shape"; }
};
struct PyShape : Overridable<Shape> {
#if ADDER_MUST_NOT_COMPILE
  std::string_view label() const override {
    return overridden<"label">([&] { return Shape::label(); });
  }
#endif
};
template <>
struct adder::PyClass<Shape> {
  static constexpr auto name = "Shape";
  static constexpr bool subclass = true;
  using holder = std::shared_ptr<Shape>;
  using overridable = PyShape;
  static void define(ClassBuilder<Shape>& cls) { cls.def_new<>(); }
};

void probe(ModuleBuilder& m) { m.add_class<Shape>(); }
