// SPDX-License-Identifier: MIT
// Each pure function asks Python.
// FIRST: adder: PyClass<T>::overridable is abstract
#include "adder/adder.hpp"
#include "adder/class/overridable.hpp"

#include <memory>

using namespace adder;

struct Shape {
  virtual ~Shape() = default;
  virtual double area() const = 0;
};
struct PyShape : Overridable<Shape> {
#if ADDER_MUST_NOT_COMPILE
#else
  double area() const override { return pure<"area", double>(); }
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
