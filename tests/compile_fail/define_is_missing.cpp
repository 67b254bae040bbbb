// SPDX-License-Identifier: MIT
// A class without define has nothing to offer; an empty one says so.
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

#else
  static void define(ClassBuilder<Counter>&) {}
#endif
};

void probe(ModuleBuilder& m) { m.add_class<Counter>(); }
