// SPDX-License-Identifier: MIT
// A pyclass says whether others may derive from it.
// EXPECT: adder: the base class is final: give its PyClass `static constexpr bool subclass = true`
#include "adder/adder.hpp"

using namespace adder;

struct Base {
  int x = 0;
};
struct Derived : Base {
  int y = 0;
};

template <>
struct adder::PyClass<Base> {
  static constexpr auto name = "Base";
#if !ADDER_MUST_NOT_COMPILE
  static constexpr bool subclass = true;
#endif
  static void define(ClassBuilder<Base>&) {}
};
template <>
struct adder::PyClass<Derived> {
  static constexpr auto name = "Derived";
  using base = Base;
  static void define(ClassBuilder<Derived>&) {}
};

void probe(ModuleBuilder& m) { m.add_class<Derived>(); }
