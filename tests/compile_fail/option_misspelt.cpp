// SPDX-License-Identifier: MIT
// An option by another name would be ignored.
// FIRST: adder: PyClass<T>: weakrefs, .* are no options: the option is .weakref.
#include "adder/adder.hpp"

using namespace adder;

struct Counter {
  int total = 0;
};

template <>
struct adder::PyClass<Counter> {
  static constexpr auto name = "Counter";
#if ADDER_MUST_NOT_COMPILE
  static constexpr bool weakrefs = true;
#else
  static constexpr bool weakref = true;
#endif
  static void define(ClassBuilder<Counter>& cls) { cls.getter<&Counter::total>("total"); }
};

void probe(ModuleBuilder& m) { m.add_class<Counter>(); }
