// SPDX-License-Identifier: MIT
// An option is the class's, not that of an object of its PyClass.
// FIRST: adder: PyClass<T>::frozen is a bool, and public: .static constexpr bool frozen = true.
#include "adder/adder.hpp"

using namespace adder;

struct Counter {
  int total = 0;
};

template <>
struct adder::PyClass<Counter> {
  static constexpr auto name = "Counter";
#if ADDER_MUST_NOT_COMPILE
  bool frozen = true;
#else
  static constexpr bool frozen = true, sync = true;
#endif
  static void define(ClassBuilder<Counter>& cls) { cls.getter<&Counter::total>("total"); }
};

void probe(ModuleBuilder& m) { m.add_class<Counter>(); }
