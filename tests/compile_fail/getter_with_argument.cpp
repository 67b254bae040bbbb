// SPDX-License-Identifier: MIT
// A getter takes no arguments.
// EXPECT: a getter takes no arguments
#include "adder/adder.hpp"

using namespace adder;

struct Counter {
  int total = 0;
  int scaled(int by) const { return total * by; }
  int twice() const { return total * 2; }
};
template <>
struct adder::PyClass<Counter> {
  static constexpr auto name = "Counter";
  static void define([[maybe_unused]] ClassBuilder<Counter>& cls) {
#if ADDER_MUST_NOT_COMPILE
    cls.getter<&Counter::scaled>("scaled");
#else
    cls.getter<&Counter::twice>("twice");
#endif
  }
};

void probe(ModuleBuilder& m) { m.add_class<Counter>(); }
