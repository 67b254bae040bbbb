// SPDX-License-Identifier: MIT
// A union cannot say which of its members lives; a class around it can.
// FIRST: adder: a pyclass is a class: put the union into a struct
#include "adder/adder.hpp"

using namespace adder;

#if ADDER_MUST_NOT_COMPILE
union Engine {
  int power;
  float torque;
};
#else
struct Engine {};
#endif
template <>
struct adder::PyClass<Engine> {
  static constexpr auto name = "Engine";
  static void define(ClassBuilder<Engine>& cls) { cls.def_new<>(); }
};

void probe(ModuleBuilder& m) { m.add_class<Engine>(); }
