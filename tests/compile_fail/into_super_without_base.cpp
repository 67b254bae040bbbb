// SPDX-License-Identifier: MIT
// A borrow of a class without a pyclass for a base is no other borrow.
// EXPECT: adder: into_super: the class has no pyclass for a base
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
  const auto guard = thing.borrow().into_super();
  return guard->value;
#else
  const auto guard = thing.borrow();
  return guard->value;
#endif
}
