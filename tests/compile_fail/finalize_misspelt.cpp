// SPDX-License-Identifier: MIT
// A function that nobody calls.
// FIRST: adder: PyClass<T>: nobody calls finalise, .*: the function is .finalize.
#include "adder/adder.hpp"

using namespace adder;

struct Counter {
  int total = 0;
};

template <>
struct adder::PyClass<Counter> {
  static constexpr auto name = "Counter";
#if ADDER_MUST_NOT_COMPILE
  static void finalise(const Bound<Counter>&) {}
#else
  static void finalize(const Bound<Counter>&) {}
#endif
  static void define(ClassBuilder<Counter>& cls) { cls.getter<&Counter::total>("total"); }
};

void probe(ModuleBuilder& m) { m.add_class<Counter>(); }
