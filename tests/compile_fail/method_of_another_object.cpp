// SPDX-License-Identifier: MIT
// A function that is bound as a method takes the object first.
// EXPECT: adder: a function that is bound as a method takes the object first: .*A function that takes no object is bound by def_staticmethod
#include "adder/adder.hpp"

using namespace adder;

struct Thing {
  int value = 0;
};
template <>
struct adder::PyClass<Thing> {
  static constexpr auto name = "Thing";
  static void define([[maybe_unused]] ClassBuilder<Thing>& cls) {
#if ADDER_MUST_NOT_COMPILE
    cls.def<[](int by, const Thing& thing) { return thing.value * by; }>("times");
#else
    cls.def<[](const Thing& thing, int by) { return thing.value * by; }>("times");
#endif
  }
};

void probe(ModuleBuilder& m) { m.add_class<Thing>(); }
