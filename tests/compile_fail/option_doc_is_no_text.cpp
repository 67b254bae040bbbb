// SPDX-License-Identifier: MIT
// A docstring is text.
// FIRST: adder: PyClass<T>::doc is text, and public
#include "adder/adder.hpp"

using namespace adder;

struct Counter {
  int total = 0;
};

template <>
struct adder::PyClass<Counter> {
  static constexpr auto name = "Counter";
#if ADDER_MUST_NOT_COMPILE
  static constexpr int doc = 1;
#else
  static constexpr auto doc = "Counts.";
#endif
  static void define(ClassBuilder<Counter>& cls) { cls.getter<&Counter::total>("total"); }
};

void probe(ModuleBuilder& m) { m.add_class<Counter>(); }
