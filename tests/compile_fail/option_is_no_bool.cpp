// SPDX-License-Identifier: MIT
// An option that is a number may be meant as something else.
// FIRST: adder: PyClass<T>::unsendable is a bool, and public
#include "adder/adder.hpp"

using namespace adder;

struct Counter {
  int total = 0;
};

template <>
struct adder::PyClass<Counter> {
  static constexpr auto name = "Counter";
#if ADDER_MUST_NOT_COMPILE
  static constexpr int unsendable = 1;
#else
  static constexpr bool unsendable = true;
#endif
  static void define(ClassBuilder<Counter>& cls) { cls.getter<&Counter::total>("total"); }
};

void probe(ModuleBuilder& m) { m.add_class<Counter>(); }
