// SPDX-License-Identifier: MIT
// A pyclass derives from its base in C++ as well.
// EXPECT: adder: a pyclass whose base is another pyclass derives from it in C\+\+ as well, publicly and once
#include "adder/adder.hpp"

using namespace adder;

struct Base {
  int x = 0;
};
#if ADDER_MUST_NOT_COMPILE
struct Derived {
#else
struct Derived : Base {
#endif
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
