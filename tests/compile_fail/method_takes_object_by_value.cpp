// SPDX-License-Identifier: MIT
// A method on a copy of the object is seldom meant: it takes a reference.
// EXPECT: adder: a function that is bound as a method takes the object first: as const T&, T&, PyRef<T>
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
    cls.def<[](Thing thing) { return thing.value; }>("get");
#else
    cls.def<[](const Thing& thing) { return thing.value; }>("get");
#endif
  }
};

void probe(ModuleBuilder& m) { m.add_class<Thing>(); }
