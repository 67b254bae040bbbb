// SPDX-License-Identifier: MIT
// A handle to the base is not one to the derived class: whether it is has to be asked.
// EXPECT: (cannot convert|could not convert|no viable conversion|conversion from|invalid initialization of reference)
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
  static void define(ClassBuilder<Base>&) {}
};
template <>
struct adder::PyClass<Derived> {
  static constexpr auto name = "Derived";
  using base = Base;
  static void define(ClassBuilder<Derived>&) {}
};

int probe(const Bound<Base>& base) {
#if ADDER_MUST_NOT_COMPILE
  const Bound<Derived>& derived = base;
  return derived.borrow()->y;
#else
  const auto derived = base.downcast<Derived>();
  return derived.borrow()->y;
#endif
}
