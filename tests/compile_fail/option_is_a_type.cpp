// SPDX-License-Identifier: MIT
// An option that is a type instead of a value would be ignored.
// FIRST: adder: PyClass<T>::eq is a bool, and public
#include "adder/adder.hpp"

#include <type_traits>

using namespace adder;

struct Counter {
  int total = 0;
};

template <>
struct adder::PyClass<Counter> {
  static constexpr auto name = "Counter";
#if ADDER_MUST_NOT_COMPILE
  using eq = std::true_type;
#else
  static constexpr bool generic = true;
#endif
  static void define(ClassBuilder<Counter>& cls) { cls.getter<&Counter::total>("total"); }
};

void probe(ModuleBuilder& m) { m.add_class<Counter>(); }
