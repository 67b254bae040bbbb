// SPDX-License-Identifier: MIT
// A frozen class has no method that could change its value, free functions included.
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
    cls.def<[](Thing& thing) { return thing.value; }>("get");
#else
    cls.def<[](const Thing& thing) { return thing.value; }>("get");
#endif
  }
};

void probe(ModuleBuilder& m) { m.add_class<Thing>(); }
