// SPDX-License-Identifier: MIT
// Behind the token comes the object that the method is called on.
// EXPECT: adder: a function that is bound as a method takes the object first: .*The token may stand before it or right behind it
#include "adder/adder.hpp"

using namespace adder;

struct Counter {
  int total = 0;
};
template <>
struct adder::PyClass<Counter> {
  static constexpr auto name = "Counter";
  static void define(ClassBuilder<Counter>& cls) {
#if ADDER_MUST_NOT_COMPILE
    cls.def<[](Python, int by) { return by; }>("times");
#else
    cls.def<[](Python, const Counter&, int by) { return by; }>("times");
#endif
  }
};

void probe(ModuleBuilder& m) { m.add_class<Counter>(); }
