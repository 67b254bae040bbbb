// SPDX-License-Identifier: MIT
// An assignment has one value.
// EXPECT: adder: a setter takes one argument
#include "adder/adder.hpp"

using namespace adder;

struct Thing {
  int value = 0;
  void set(int given) { value = given; }
  void set_sum(int a, int b) { value = a + b; }
};
template <>
struct adder::PyClass<Thing> {
  static constexpr auto name = "Thing";
  static void define([[maybe_unused]] ClassBuilder<Thing>& cls) {
#if ADDER_MUST_NOT_COMPILE
    cls.setter<&Thing::set_sum>("value");
#else
    cls.setter<&Thing::set>("value");
#endif
  }
};

void probe(ModuleBuilder& m) { m.add_class<Thing>(); }
