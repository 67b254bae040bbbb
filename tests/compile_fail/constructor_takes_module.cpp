// SPDX-License-Identifier: MIT
// A constructor knows its class, and no module.
// EXPECT: only functions of a module can take ThisModule
#include "adder/adder.hpp"

using namespace adder;

struct Thing {
  int value = 1;
  explicit Thing(int given) : value(given) {}
  Thing(const ThisModule&, int given) : value(given) {}
};
template <>
struct adder::PyClass<Thing> {
  static constexpr auto name = "Thing";
  static void define(ClassBuilder<Thing>& cls) {
#if ADDER_MUST_NOT_COMPILE
    cls.def_new<const ThisModule&, int>();
#else
    cls.def_new<int>();
#endif
  }
};
