// SPDX-License-Identifier: MIT
// A base written in Python is an object of Python, which is there at run time.
// EXPECT: adder: PyClass<T>::python_base takes a Python and returns a handle to a class written in Python, or to a tuple of such
#include "adder/adder.hpp"

using namespace adder;

struct Square {
  double side = 1;
};

template <>
struct adder::PyClass<Square> {
  static constexpr auto name = "Square";
  static constexpr bool subclass = true;
#if ADDER_MUST_NOT_COMPILE
  static const char* python_base(Python) { return "shapes.Shape"; }
#else
  static Bound<PyAny> python_base(Python py) { return py.import("shapes").getattr("Shape"); }
#endif
  static void define(ClassBuilder<Square>&) {}
};

void probe(ModuleBuilder& m) { m.add_class<Square>(); }
