// SPDX-License-Identifier: MIT
// A Python class is a class in C++, too.
// FIRST: adder: a pyclass is a class: .* of an enum specialise adder::PyEnum
#include "adder/adder.hpp"

using namespace adder;

#if ADDER_MUST_NOT_COMPILE
enum class Engine { petrol, diesel };
#else
struct Engine {};
#endif
template <>
struct adder::PyClass<Engine> {
  static constexpr auto name = "Engine";
  static void define(ClassBuilder<Engine>& cls) { cls.def_new<>(); }
};

void probe(ModuleBuilder& m) { m.add_class<Engine>(); }
