// SPDX-License-Identifier: MIT
// The token of a method stands before the object or right behind it, not among the arguments.
// FIRST: adder: a function that is bound as a method takes the token, Python, before the object or right behind it
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
    cls.def<[](const Counter& self, int by, Python) { return self.total * by; }>("times");
#else
    cls.def<[](const Counter& self, Python, int by) { return self.total * by; }>("times");
#endif
  }
};

void probe(ModuleBuilder& m) { m.add_class<Counter>(); }
