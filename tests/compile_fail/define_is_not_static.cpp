// SPDX-License-Identifier: MIT
// define is called without an object.
// FIRST: adder: PyClass<T>::define is public and static, and takes the builder by reference
#include "adder/adder.hpp"

using namespace adder;

struct Counter {
  int total = 0;
};

template <>
struct adder::PyClass<Counter> {
  static constexpr auto name = "Counter";
#if ADDER_MUST_NOT_COMPILE
  void define(ClassBuilder<Counter>& cls) { cls.getter<&Counter::total>("total"); }
#else
  static void define(ClassBuilder<Counter>& cls) { cls.getter<&Counter::total>("total"); }
#endif
};

void probe(ModuleBuilder& m) { m.add_class<Counter>(); }
