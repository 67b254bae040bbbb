// SPDX-License-Identifier: MIT
// The same where a class is added to a module.
// FIRST: adder: add_class<T>: specialise adder::PyClass<T>, with a name
#include "adder/adder.hpp"

using namespace adder;

struct Engine {};
#if !ADDER_MUST_NOT_COMPILE
template <>
struct adder::PyClass<Engine> {
  static constexpr auto name = "Engine";
  static void define(ClassBuilder<Engine>& cls) { cls.def_new<>(); }
};
#endif

void probe(ModuleBuilder& m) { m.add_class<Engine>(); }
