// SPDX-License-Identifier: MIT
// __init__ knows its class by its object.
// EXPECT: adder: __init__ takes no ThisModule and no ThisClass
#include "adder/adder.hpp"

using namespace adder;

struct Thing {
  int value = 0;
  void init(int given) { value = given; }
  void init_of(const ThisClass&, int given) { value = given; }
};
template <>
struct adder::PyClass<Thing> {
  static constexpr auto name = "Thing";
  static void define([[maybe_unused]] ClassBuilder<Thing>& cls) {
#if ADDER_MUST_NOT_COMPILE
    cls.def_init<&Thing::init_of>();
#else
    cls.def_init<&Thing::init>();
#endif
  }
};

void probe(ModuleBuilder& m) { m.add_class<Thing>(); }
