// SPDX-License-Identifier: MIT
// A class without a base has no handle to it.
// EXPECT: adder: as_super: the class has no base but object
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

bool probe(const Bound<Thing>& thing) {
#if ADDER_MUST_NOT_COMPILE
  return thing.as_super().is_none();
#else
  return thing.as_any().is_none();
#endif
}
