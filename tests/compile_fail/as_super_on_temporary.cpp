// SPDX-License-Identifier: MIT
// A handle that borrows from a temporary would dangle.
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

int probe(Python py) {
#if ADDER_MUST_NOT_COMPILE
  const auto base = Bound<Derived>::new_(py).as_super();
  return base.borrow()->x;
#else
  const auto derived = Bound<Derived>::new_(py);
  const auto base = derived.as_super();
  return base.borrow()->x;
#endif
}
