// SPDX-License-Identifier: MIT
// new_ takes what a constructor of the C++ class takes.
// EXPECT: adder: new_: the C\+\+ class has no constructor that takes these arguments
#include "adder/adder.hpp"

using namespace adder;

struct Thing {
  int value = 0;
};
template <>
struct adder::PyClass<Thing> {
  static constexpr auto name = "Thing";
  static void define(ClassBuilder<Thing>&) {}
};

auto probe(Python py) {
#if ADDER_MUST_NOT_COMPILE
  return Bound<Thing>::new_(py, "one", 2);
#else
  return Bound<Thing>::new_(py, 1);
#endif
}
