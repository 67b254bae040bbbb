// SPDX-License-Identifier: MIT
// def_new<&T::x> sets the fields of a value that is there already.
// EXPECT: adder: .*def_new
#include "adder/adder.hpp"

using namespace adder;

struct Thing {
#if ADDER_MUST_NOT_COMPILE
  explicit Thing(int given) : value(given) {}
#endif
  int value = 0;
};
template <>
struct adder::PyClass<Thing> {
  static constexpr auto name = "Thing";
  static void define([[maybe_unused]] ClassBuilder<Thing>& cls) { cls.def_new<&Thing::value>(); }
};

void probe(ModuleBuilder& m) { m.add_class<Thing>(); }
