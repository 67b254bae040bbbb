// SPDX-License-Identifier: MIT
// Nothing is passed to a getter, not even in general.
// EXPECT: adder: a getter cannot take Args, Kwargs or ThisModule
#include "adder/adder.hpp"

using namespace adder;

struct Thing {
  int value = 0;
  int with(const Args&) const { return value; }
  int alone() const { return value; }
};
template <>
struct adder::PyClass<Thing> {
  static constexpr auto name = "Thing";
  static void define([[maybe_unused]] ClassBuilder<Thing>& cls) {
#if ADDER_MUST_NOT_COMPILE
    cls.getter<&Thing::with>("value");
#else
    cls.getter<&Thing::alone>("value");
#endif
  }
};

void probe(ModuleBuilder& m) { m.add_class<Thing>(); }
