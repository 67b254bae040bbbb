// SPDX-License-Identifier: MIT
// The part of a virtual base is not in one place.
// EXPECT: adder: a pyclass cannot have another as a virtual base class
#include "adder/adder.hpp"

using namespace adder;

struct Base {
  virtual ~Base() = default;
  int x = 0;
};
#if ADDER_MUST_NOT_COMPILE
struct Derived : virtual Base {
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
