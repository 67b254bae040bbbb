// SPDX-License-Identifier: MIT
// A strict parameter takes no int for a float, and so no default that is one.
// EXPECT: the default is of another type than the parameter
#include "adder/adder.hpp"

using namespace adder;

struct Scale {
  double by = 1;
};
template <>
struct adder::PyClass<Scale> {
  static constexpr auto name = "Scale";
  static void define(ClassBuilder<Scale>& cls) {
#if ADDER_MUST_NOT_COMPILE
    cls.def_new<double>(arg("by").strict() = 1);
#else
    cls.def_new<double>(arg("by").strict() = 1.0);
#endif
  }
};
void probe(ModuleBuilder& m) { m.add_class<Scale>(); }
