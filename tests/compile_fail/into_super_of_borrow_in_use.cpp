// SPDX-License-Identifier: MIT
// A borrow becomes one of the base: the old one is given up, with std::move.
// EXPECT: (passing .*as .this. argument discards qualifiers|not viable: .*(lvalue|rvalue)|is an lvalue|'this' argument to member function 'into_super')
#include "adder/adder.hpp"

#include <utility>

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
  auto guard = derived.borrow();
  const auto base = guard.into_super();
  return base->x;
#else
  auto guard = derived.borrow();
  const auto base = std::move(guard).into_super();
  return base->x;
#endif
}
