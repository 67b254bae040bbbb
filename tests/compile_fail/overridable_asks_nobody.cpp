// SPDX-License-Identifier: MIT
// A class that derives from the class is not enough: its functions have to ask.
// FIRST: adder: PyClass<T>::overridable is a class that derives from Overridable<T>
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
struct Other : Shape {
  double area() const override { return 1; }
};
template <>
struct adder::PyClass<Shape> {
  static constexpr auto name = "Shape";
  static constexpr bool subclass = true;
  using holder = std::shared_ptr<Shape>;
#if ADDER_MUST_NOT_COMPILE
  using overridable = Other;
#else
  using overridable = PyShape;
#endif
  static void define(ClassBuilder<Shape>& cls) { cls.def_new<>(); }
};

void probe(ModuleBuilder& m) { m.add_class<Shape>(); }
