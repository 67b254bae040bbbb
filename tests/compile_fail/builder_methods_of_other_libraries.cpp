// SPDX-License-Identifier: MIT
// What pybind11 and nanobind call the methods of classes and modules: the message says what to write here.
// EXPECT: adder: a field is bound by field<&T::x>
// EXPECT: adder: what can only be read is bound by getter<&T::x>
// EXPECT: adder: a property is bound by getter<&T::x>.* and setter<&T::set_x>
// EXPECT: adder: a static method is bound by def_staticmethod<&T::f>
// EXPECT: adder: a module gets an attribute by add
// EXPECT: adder: a submodule is made by add_submodule
#include "adder/adder.hpp"

using namespace adder;

struct Point {
  int x = 0;
  int y() const { return x; }
  void set_y(int value) { x = value; }
  static int zero() { return 0; }
};

template <>
struct adder::PyClass<Point> {
  static constexpr auto name = "Point";
  static void define(ClassBuilder<Point>& cls) {
#if ADDER_MUST_NOT_COMPILE
    cls.def_rw("x", &Point::x);
    cls.def_property_readonly("y", &Point::y);
    cls.def_prop_rw("z", &Point::y, &Point::set_y);
    cls.def_static("zero", &Point::zero);
#else
    cls.field<&Point::x>("x");
    cls.getter<&Point::y>("y");
    cls.getter<&Point::y>("z");
    cls.setter<&Point::set_y>("z");
    cls.def_staticmethod<&Point::zero>("zero");
#endif
  }
};

void probe(ModuleBuilder& m) {
#if ADDER_MUST_NOT_COMPILE
  m.attr("LIMIT") = 9;
  m.def_submodule("inner");
#else
  m.add("LIMIT", 9);
  m.add_submodule("inner", [](ModuleBuilder&) {});
#endif
  m.add_class<Point>();
}
