// SPDX-License-Identifier: MIT
// A dunder that fills no slot is refused, so that a misspelt one is no silent loss.
// EXPECT: unknown dunder name
#include "adder/adder.hpp"

using namespace adder;

struct Counter {
  int total = 0;
  int size() const { return total; }
};
template <>
struct adder::PyClass<Counter> {
  static constexpr auto name = "Counter";
  static void define([[maybe_unused]] ClassBuilder<Counter>& cls) {
#if ADDER_MUST_NOT_COMPILE
    cls.def<"__length__", &Counter::size>();
#else
    cls.def<"__len__", &Counter::size>();
#endif
  }
};

void probe(ModuleBuilder& m) { m.add_class<Counter>(); }
