// SPDX-License-Identifier: MIT
// A static method is not told the class.
// EXPECT: adder: a static method does not know its class: ThisClass is for def_classmethod
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
    cls.def_staticmethod<[](const ThisClass& type) { return type->as_any().is_none(); }>("is_none");
#else
    cls.def_classmethod<[](const ThisClass& type) { return type->as_any().is_none(); }>("is_none");
#endif
  }
};

void probe(ModuleBuilder& m) { m.add_class<Thing>(); }
