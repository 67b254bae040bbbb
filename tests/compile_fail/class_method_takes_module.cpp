// SPDX-License-Identifier: MIT
// A class method knows its class, and no module.
// EXPECT: adder: only functions of a module can take ThisModule
#include "adder/adder.hpp"

using namespace adder;

struct Thing {
  int value = 0;
};
template <>
struct adder::PyClass<Thing> {
  static constexpr auto name = "Thing";
  static void define([[maybe_unused]] ClassBuilder<Thing>& cls) {
#if ADDER_MUST_NOT_COMPILE
    cls.def_classmethod<[](const ThisModule&) { return 1; }>("one");
#else
    cls.def_classmethod<[](const ThisClass&) { return 1; }>("one");
#endif
  }
};

void probe(ModuleBuilder& m) { m.add_class<Thing>(); }
