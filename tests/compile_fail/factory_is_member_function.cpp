// SPDX-License-Identifier: MIT
// There is no object yet that a factory could be called on.
// EXPECT: adder: def_new<&factory> takes a function, a static member function or a captureless lambda
#include "adder/adder.hpp"

using namespace adder;

struct Thing {
  int value = 0;
  Thing next() const { return {value + 1}; }
  static Thing first() { return {1}; }
};
template <>
struct adder::PyClass<Thing> {
  static constexpr auto name = "Thing";
  static void define([[maybe_unused]] ClassBuilder<Thing>& cls) {
#if ADDER_MUST_NOT_COMPILE
    cls.def_new<&Thing::next>();
#else
    cls.def_new<&Thing::first>();
#endif
  }
};

void probe(ModuleBuilder& m) { m.add_class<Thing>(); }
