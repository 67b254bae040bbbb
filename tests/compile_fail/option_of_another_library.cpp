// SPDX-License-Identifier: MIT
// An option by the name that another library has for it would be ignored.
// FIRST: adder: PyClass<T>: dynamic_attr and has_dict are no options: the option is .dict.
#include "adder/adder.hpp"

using namespace adder;

struct Counter {
  int total = 0;
};

template <>
struct adder::PyClass<Counter> {
  static constexpr auto name = "Counter";
#if ADDER_MUST_NOT_COMPILE
  static constexpr bool dynamic_attr = true;
#else
  static constexpr bool dict = true;
#endif
  static void define(ClassBuilder<Counter>& cls) { cls.getter<&Counter::total>("total"); }
};

void probe(ModuleBuilder& m) { m.add_class<Counter>(); }
