// SPDX-License-Identifier: MIT
// What a function returns is no PyShape.
// FIRST: adder: a class with `overridable` is made by its constructors
#include "adder/adder.hpp"
#include "adder/class/overridable.hpp"

#include <memory>

using namespace adder;

struct Shape {
  virtual ~Shape() = default;
  virtual double area() const { return 0; }
};
struct PyShape : Overridable<Shape> {
  double area() const override {
    return overridden<"area">([&] { return Shape::area(); });
  }
};
Shape make_shape() { return {}; }
template <>
struct adder::PyClass<Shape> {
  static constexpr auto name = "Shape";
  static constexpr bool subclass = true;
  using holder = std::shared_ptr<Shape>;
  using overridable = PyShape;
  static void define(ClassBuilder<Shape>& cls) {
#if ADDER_MUST_NOT_COMPILE
    cls.def_new<&make_shape>();
#else
    cls.def_new<>();
#endif
  }
};

void probe(ModuleBuilder& m) { m.add_class<Shape>(); }
