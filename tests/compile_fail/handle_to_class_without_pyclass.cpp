// SPDX-License-Identifier: MIT
// A handle to a class asks for its Python type.
// FIRST: adder: a handle to a T is used, and no Python type is known for T. Of a class of yours specialise adder::PyClass<T>
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

bool f(const Bound<Engine>&) { return true; }

void probe(ModuleBuilder& m) { m.def<&f>("f"); }
