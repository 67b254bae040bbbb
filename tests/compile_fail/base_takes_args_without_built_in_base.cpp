// SPDX-License-Identifier: MIT
// There is no base that could take them.
// FIRST: adder: PyClass<T>::base_takes_args is for classes that derive from a built-in type
#include "adder/adder.hpp"

using namespace adder;

struct Counter {
  int total = 0;
};

template <>
struct adder::PyClass<Counter> {
  static constexpr auto name = "Counter";
#if ADDER_MUST_NOT_COMPILE
  static constexpr bool base_takes_args = true;
#else
  using base = PyDict;
  static constexpr bool base_takes_args = true;
#endif
  static void define(ClassBuilder<Counter>& cls) { cls.getter<&Counter::total>("total"); }
};

void probe(ModuleBuilder& m) { m.add_class<Counter>(); }
