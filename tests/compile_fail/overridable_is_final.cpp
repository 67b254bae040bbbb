// SPDX-License-Identifier: MIT
// No Python class could override.
// FIRST: adder: a class with `overridable` is for Python classes that derive from it
#include "adder/adder.hpp"
#include "adder/class/overridable.hpp"

#include <memory>

using namespace adder;

struct Shape {
  virtual ~Shape() = default;
  virtual double area() const = 0;
};
struct PyShape : Overridable<Shape> {
  double area() const override { return pure<"area", double>(); }
};
template <>
struct adder::PyClass<Shape> {
  static constexpr auto name = "Shape";
#if ADDER_MUST_NOT_COMPILE
#else
  static constexpr bool subclass = true;
#endif
  using holder = std::shared_ptr<Shape>;
  using overridable = PyShape;
  static void define(ClassBuilder<Shape>& cls) { cls.def_new<>(); }
};

void probe(ModuleBuilder& m) { m.add_class<Shape>(); }
