// SPDX-License-Identifier: MIT
// One token is enough: before the object, or behind it.
// FIRST: adder: a function that is bound as a method takes the token, Python, before the object or right behind it, and once
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
    cls.def<[](Python, Counter& self, Python) { return ++self.total; }>("next");
#else
    cls.def<[](Python, Counter& self) { return ++self.total; }>("next");
#endif
  }
};

void probe(ModuleBuilder& m) { m.add_class<Counter>(); }
