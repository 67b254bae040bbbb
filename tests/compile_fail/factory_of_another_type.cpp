// SPDX-License-Identifier: MIT
// A factory makes objects of its class.
// EXPECT: adder: a factory of a pyclass T returns T, Py<T>, Bound<T>, or a PyResult of one of them
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
    cls.def_new<[](int given) { return given; }>();
#else
    cls.def_new<[](int given) { return Thing{given}; }>();
#endif
  }
};

void probe(ModuleBuilder& m) { m.add_class<Thing>(); }
