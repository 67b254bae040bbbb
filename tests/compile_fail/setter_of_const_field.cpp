// SPDX-License-Identifier: MIT
// A const field is not assigned to.
// EXPECT: adder: a const field has no setter: bind it by getter
#include "adder/adder.hpp"

using namespace adder;

struct Thing {
  int value = 0;
  const int number = 1;
};
template <>
struct adder::PyClass<Thing> {
  static constexpr auto name = "Thing";
  static void define([[maybe_unused]] ClassBuilder<Thing>& cls) {
#if ADDER_MUST_NOT_COMPILE
    cls.field<&Thing::number>("number");
#else
    cls.getter<&Thing::number>("number");
#endif
  }
};

void probe(ModuleBuilder& m) { m.add_class<Thing>(); }
