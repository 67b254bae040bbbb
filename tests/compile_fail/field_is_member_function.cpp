// SPDX-License-Identifier: MIT
// field takes a field: it is read and assigned to.
// EXPECT: adder: field takes a pointer to a field, &T::x
#include "adder/adder.hpp"

using namespace adder;

struct Thing {
  int value = 0;
  int get() const { return value; }
};
template <>
struct adder::PyClass<Thing> {
  static constexpr auto name = "Thing";
  static void define([[maybe_unused]] ClassBuilder<Thing>& cls) {
#if ADDER_MUST_NOT_COMPILE
    cls.field<&Thing::get>("value");
#else
    cls.field<&Thing::value>("value");
#endif
  }
};

void probe(ModuleBuilder& m) { m.add_class<Thing>(); }
