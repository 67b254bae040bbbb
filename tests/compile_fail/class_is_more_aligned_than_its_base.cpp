// SPDX-License-Identifier: MIT
// The value of a derived class begins where the base's does.
// EXPECT: adder: a pyclass is aligned like its base: give the base the stricter alignas
#include "adder/adder.hpp"

using namespace adder;

#if ADDER_MUST_NOT_COMPILE
struct Base {
#else
struct alignas(64) Base {
#endif
  int x = 0;
};
struct alignas(64) Derived : Base {
  int y = 0;
};

template <>
struct adder::PyClass<Base> {
  static constexpr auto name = "Base";
  static constexpr bool subclass = true;
  static void define(ClassBuilder<Base>&) {}
};
template <>
struct adder::PyClass<Derived> {
  static constexpr auto name = "Derived";
  using base = Base;
  static void define(ClassBuilder<Derived>&) {}
};

void probe(ModuleBuilder& m) { m.add_class<Derived>(); }
