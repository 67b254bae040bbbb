// SPDX-License-Identifier: MIT
// Nothing changes the base's part of a value behind the readers of a frozen base.
// EXPECT: adder: a pyclass and its base are both frozen or neither: they share one value and one flag
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
  static constexpr bool subclass = true;
  static constexpr bool frozen = true;
  static void define(ClassBuilder<Base>&) {}
};
template <>
struct adder::PyClass<Derived> {
  static constexpr auto name = "Derived";
  using base = Base;
#if !ADDER_MUST_NOT_COMPILE
  static constexpr bool frozen = true, sync = true;
#endif
  static void define(ClassBuilder<Derived>&) {}
};

void probe(ModuleBuilder& m) { m.add_class<Derived>(); }
