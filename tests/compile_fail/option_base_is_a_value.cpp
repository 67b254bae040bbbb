// SPDX-License-Identifier: MIT
// And a base that is a value.
// FIRST: adder: PyClass<T>::base is a type, and public: .using base =
#include "adder/adder.hpp"

using namespace adder;

struct Counter {
  int total = 0;
};

template <>
struct adder::PyClass<Counter> {
  static constexpr auto name = "Counter";
#if ADDER_MUST_NOT_COMPILE
  static constexpr PyDict* base = nullptr;
#else
  using base = PyDict;
#endif
  static void define(ClassBuilder<Counter>& cls) { cls.getter<&Counter::total>("total"); }
};

void probe(ModuleBuilder& m) { m.add_class<Counter>(); }
