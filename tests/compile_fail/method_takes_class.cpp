// SPDX-License-Identifier: MIT
// A method knows its class by its object.
// EXPECT: no ThisClass, which is for class methods
#include "adder/adder.hpp"

using namespace adder;

struct Thing {
  int value = 0;
  int get() const { return value; }
  int get_of(const ThisClass&) const { return value; }
};
template <>
struct adder::PyClass<Thing> {
  static constexpr auto name = "Thing";
  static void define([[maybe_unused]] ClassBuilder<Thing>& cls) {
#if ADDER_MUST_NOT_COMPILE
    cls.def<&Thing::get_of>("get");
#else
    cls.def<&Thing::get>("get");
#endif
  }
};

void probe(ModuleBuilder& m) { m.add_class<Thing>(); }
