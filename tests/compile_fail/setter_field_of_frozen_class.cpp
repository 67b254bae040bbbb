// SPDX-License-Identifier: MIT
// A field of a frozen class has a getter only.
// EXPECT: adder: .*frozen
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
    cls.field<&Thing::value>("value");
#else
    cls.getter<&Thing::value>("value");
#endif
  }
};

void probe(ModuleBuilder& m) { m.add_class<Thing>(); }
