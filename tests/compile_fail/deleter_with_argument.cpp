// SPDX-License-Identifier: MIT
// Nothing is passed to a deleter.
// EXPECT: adder: a deleter takes no arguments
#include "adder/adder.hpp"

using namespace adder;

struct Thing {
  int value = 0;
  void forget() { value = 0; }
  void forget_to(int given) { value = given; }
};
template <>
struct adder::PyClass<Thing> {
  static constexpr auto name = "Thing";
  static void define([[maybe_unused]] ClassBuilder<Thing>& cls) {
#if ADDER_MUST_NOT_COMPILE
    cls.deleter<&Thing::forget_to>("value");
#else
    cls.deleter<&Thing::forget>("value");
#endif
  }
};

void probe(ModuleBuilder& m) { m.add_class<Thing>(); }
