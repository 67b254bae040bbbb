// SPDX-License-Identifier: MIT
// C++ calls the value when nobody holds the object.
// FIRST: adder: (Overridable<Base>: give PyClass<Base> a holder|a class with `overridable` has a holder)
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
  static constexpr bool subclass = true;
#if ADDER_MUST_NOT_COMPILE
#else
  using holder = std::shared_ptr<Shape>;
#endif
  using overridable = PyShape;
  static void define(ClassBuilder<Shape>& cls) { cls.def_new<>(); }
};

void probe(ModuleBuilder& m) { m.add_class<Shape>(); }
