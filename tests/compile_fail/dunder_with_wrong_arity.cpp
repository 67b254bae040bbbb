// SPDX-License-Identifier: MIT
// A dunder takes as many arguments as its slot passes.
// EXPECT: wrong number of parameters for this dunder
#include "adder/adder.hpp"

using namespace adder;

struct Counter {
  int total = 0;
  int size(int base) const { return total - base; }
  int size_from_zero() const { return total; }
};
template <>
struct adder::PyClass<Counter> {
  static constexpr auto name = "Counter";
  static void define([[maybe_unused]] ClassBuilder<Counter>& cls) {
#if ADDER_MUST_NOT_COMPILE
    cls.def<"__len__", &Counter::size>();
#else
    cls.def<"__len__", &Counter::size_from_zero>();
#endif
  }
};

void probe(ModuleBuilder& m) { m.add_class<Counter>(); }
