// SPDX-License-Identifier: MIT
// __init__ has nothing to return.
// EXPECT: adder: __init__ returns void or PyResult<void>
#include "adder/adder.hpp"

using namespace adder;

struct Thing {
  int value = 0;
  void init(int given) { value = given; }
  int set(int given) { return value = given; }
};
template <>
struct adder::PyClass<Thing> {
  static constexpr auto name = "Thing";
  static void define([[maybe_unused]] ClassBuilder<Thing>& cls) {
#if ADDER_MUST_NOT_COMPILE
    cls.def_init<&Thing::set>();
#else
    cls.def_init<&Thing::init>();
#endif
  }
};

void probe(ModuleBuilder& m) { m.add_class<Thing>(); }
