// SPDX-License-Identifier: MIT
// What users see of a class with a base written in Python derives from the class that C++ made.
// EXPECT: adder: what users see of a class with python_base is a Python class that derives from it: give PyClass<T> `static constexpr bool subclass = true`
#include "adder/adder.hpp"

using namespace adder;

struct Square {
  double side = 1;
};

template <>
struct adder::PyClass<Square> {
  static constexpr auto name = "Square";
#if !ADDER_MUST_NOT_COMPILE
  static constexpr bool subclass = true;
#endif
  static Bound<PyAny> python_base(Python py) { return py.import("shapes").getattr("Shape"); }
  static void define(ClassBuilder<Square>&) {}
};

void probe(ModuleBuilder& m) { m.add_class<Square>(); }
