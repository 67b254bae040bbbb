// SPDX-License-Identifier: MIT
// The value of a class without a pyclass for a base has no such part.
// EXPECT: adder: as_super: the class has no pyclass for a base
#include "adder/adder.hpp"

using namespace adder;

struct Thing {
  int value = 0;
};
template <>
struct adder::PyClass<Thing> {
  static constexpr auto name = "Thing";
  static void define(ClassBuilder<Thing>&) {}
};

int probe(const Bound<Thing>& thing) {
#if ADDER_MUST_NOT_COMPILE
  const auto guard = thing.borrow();
  return guard.as_super().value;
#else
  const auto guard = thing.borrow();
  return guard->value;
#endif
}
