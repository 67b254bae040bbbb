// SPDX-License-Identifier: MIT
// A method of a frozen class cannot hold its value exclusively.
// EXPECT: adder: a frozen class has no PyRefMut: nothing may change its values
#include "adder/adder.hpp"

using namespace adder;

struct Thing {
  int value = 0;
};
template <>
struct adder::PyClass<Thing> {
  static constexpr auto name = "Thing";
  static constexpr bool frozen = true;
  static void define([[maybe_unused]] ClassBuilder<Thing>& cls) {
#if ADDER_MUST_NOT_COMPILE
    cls.def<[](PyRefMut<Thing> thing) { return thing->value; }>("get");
#else
    cls.def<[](PyRef<Thing> thing) { return thing->value; }>("get");
#endif
  }
};

void probe(ModuleBuilder& m) { m.add_class<Thing>(); }
