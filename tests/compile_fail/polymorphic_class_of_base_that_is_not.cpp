// SPDX-License-Identifier: MIT
// With the first virtual function the base's part moves.
// EXPECT: adder: a class with virtual functions has its base behind the pointer to them
#include "adder/adder.hpp"

using namespace adder;

struct Base {
#if !ADDER_MUST_NOT_COMPILE
  virtual ~Base() = default;
#endif
  int x = 0;
};
struct Derived : Base {
  virtual int twice() const { return x * 2; }
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
