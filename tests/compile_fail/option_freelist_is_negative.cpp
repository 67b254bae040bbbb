// SPDX-License-Identifier: MIT
// How many objects are kept is no negative number.
// FIRST: adder: PyClass<T>::freelist is a number that is not negative
#include "adder/adder.hpp"

using namespace adder;

struct Counter {
  int total = 0;
};

template <>
struct adder::PyClass<Counter> {
  static constexpr auto name = "Counter";
#if ADDER_MUST_NOT_COMPILE
  static constexpr int freelist = -1;
#else
  static constexpr int freelist = 64;
#endif
  static void define(ClassBuilder<Counter>& cls) { cls.getter<&Counter::total>("total"); }
};

void probe(ModuleBuilder& m) { m.add_class<Counter>(); }
