// SPDX-License-Identifier: MIT
// The same where the option is a type.
// FIRST: adder: PyClass<T>: bases, .* are no options: the option is .using base =
#include "adder/adder.hpp"

using namespace adder;

struct Counter {
  int total = 0;
};

template <>
struct adder::PyClass<Counter> {
  static constexpr auto name = "Counter";
#if ADDER_MUST_NOT_COMPILE
  using extends = PyDict;
#else
  using base = PyDict;
#endif
  static void define(ClassBuilder<Counter>& cls) { cls.getter<&Counter::total>("total"); }
};

void probe(ModuleBuilder& m) { m.add_class<Counter>(); }
