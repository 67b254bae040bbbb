// SPDX-License-Identifier: MIT
// A frozen class has no method that could change its value.
// EXPECT: a non-const member function cannot be a method of a frozen class
#include "adder/adder.hpp"

using namespace adder;

struct Counter {
  int total = 0;
  int bump() { return ++total; }
  int next() const { return total + 1; }
};
template <>
struct adder::PyClass<Counter> {
  static constexpr auto name = "Counter";
  static constexpr bool frozen = true;
  static void define([[maybe_unused]] ClassBuilder<Counter>& cls) {
#if ADDER_MUST_NOT_COMPILE
    cls.def<&Counter::bump>("bump");
#else
    cls.def<&Counter::next>("next");
#endif
  }
};

void probe(ModuleBuilder& m) { m.add_class<Counter>(); }
