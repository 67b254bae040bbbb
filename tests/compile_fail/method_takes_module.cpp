// SPDX-License-Identifier: MIT
// A method knows its object, and no module.
// EXPECT: adder: a method takes no ThisModule, which is for functions of a module
#include "adder/adder.hpp"

using namespace adder;

struct Thing {
  int value = 1;
  int get() const { return value; }
  int get_in(const ThisModule&) const { return value; }
};
template <>
struct adder::PyClass<Thing> {
  static constexpr auto name = "Thing";
  static void define(ClassBuilder<Thing>& cls) {
#if ADDER_MUST_NOT_COMPILE
    cls.def<&Thing::get_in>("get");
#else
    cls.def<&Thing::get>("get");
#endif
  }
};
