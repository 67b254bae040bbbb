// SPDX-License-Identifier: MIT
// The base's part of a value lives as long as the borrow: that one is kept in a variable.
// EXPECT: (use of deleted function .*as_super|call to deleted member function 'as_super')
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

int probe(const Bound<Derived>& derived) {
#if ADDER_MUST_NOT_COMPILE
  const Base& base = derived.borrow().as_super();
  return base.x;
#else
  const auto guard = derived.borrow();
  const Base& base = guard.as_super();
  return base.x;
#endif
}
