// SPDX-License-Identifier: MIT
// The value stands in the object: its class has to be there.
// FIRST: adder: a pyclass is a complete class: include the header that defines it
#include "adder/adder.hpp"

using namespace adder;

#if ADDER_MUST_NOT_COMPILE
struct Engine;
#else
struct Engine {};
#endif
template <>
struct adder::PyClass<Engine> {
  static constexpr auto name = "Engine";
  static void define(ClassBuilder<Engine>& cls) { cls.def_new<>(); }
};

void probe(ModuleBuilder& m) { m.add_class<Engine>(); }
