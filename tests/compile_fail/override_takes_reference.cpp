// SPDX-License-Identifier: MIT
// Python would change a copy.
// FIRST: adder: an override cannot take a T& of a pyclass
#include "adder/adder.hpp"
#include "adder/class/overridable.hpp"

#include <memory>

using namespace adder;

struct Brush {
  int width = 1;
};
template <>
struct adder::PyClass<Brush> {
  static constexpr auto name = "Brush";
  static void define(ClassBuilder<Brush>&) {}
};
struct Shape {
  virtual ~Shape() = default;
  virtual void draw(Brush& brush) const { ++brush.width; }
};
struct PyShape : Overridable<Shape> {
  void draw(Brush& brush) const override {
#if ADDER_MUST_NOT_COMPILE
    overridden<"draw">([&] { Shape::draw(brush); }, brush);
#else
    overridden<"draw">([&] { Shape::draw(brush); }, brush.width);
#endif
  }
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
