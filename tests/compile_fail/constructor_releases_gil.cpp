// SPDX-License-Identifier: MIT
// The object that is made needs the GIL.
// EXPECT: a constructor is not run without the GIL
#include "adder/adder.hpp"

using namespace adder;

struct Thing {
  int value = 1;
  explicit Thing(int given) : value(given) {}
};
template <>
struct adder::PyClass<Thing> {
  static constexpr auto name = "Thing";
  static void define(ClassBuilder<Thing>& cls) {
#if ADDER_MUST_NOT_COMPILE
    cls.def_new<int>(arg("given"), release_gil);
#else
    cls.def_new<int>(arg("given"));
#endif
  }
};
