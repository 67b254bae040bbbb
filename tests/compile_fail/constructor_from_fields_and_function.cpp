// SPDX-License-Identifier: MIT
// def_new takes one factory, or fields.
// EXPECT: adder: .*def_new
#include "adder/adder.hpp"

using namespace adder;

struct Thing {
  int value = 0;
  static int three() { return 3; }
};
template <>
struct adder::PyClass<Thing> {
  static constexpr auto name = "Thing";
  static void define([[maybe_unused]] ClassBuilder<Thing>& cls) {
#if ADDER_MUST_NOT_COMPILE
    cls.def_new<&Thing::value, &Thing::three>();
#else
    cls.def_new<&Thing::value>();
#endif
  }
};

void probe(ModuleBuilder& m) { m.add_class<Thing>(); }
