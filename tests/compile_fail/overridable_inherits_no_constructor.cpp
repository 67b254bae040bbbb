// SPDX-License-Identifier: MIT
// Python constructs the derived class.
// FIRST: adder: PyClass<T>::overridable has no such constructor|adder: def_new<Args...>: the class has no such constructor
#include "adder/adder.hpp"
#include "adder/class/overridable.hpp"

#include <memory>

using namespace adder;

struct Shape {
  explicit Shape(int given) : sides(given) {}
  virtual ~Shape() = default;
  virtual double area() const { return 0; }
  int sides;
};
struct PyShape : Overridable<Shape> {
#if ADDER_MUST_NOT_COMPILE
  PyShape() : Overridable(3) {}
#else
  using Overridable::Overridable;
#endif
  double area() const override {
    return overridden<"area">([&] { return Shape::area(); });
  }
};
template <>
struct adder::PyClass<Shape> {
  static constexpr auto name = "Shape";
  static constexpr bool subclass = true;
  using holder = std::shared_ptr<Shape>;
  using overridable = PyShape;
  static void define(ClassBuilder<Shape>& cls) { cls.def_new<int>(); }
};

void probe(ModuleBuilder& m) { m.add_class<Shape>(); }
