// SPDX-License-Identifier: MIT
// A method that may be called on a temporary only would move the value out of a living object.
// EXPECT: a member function qualified with && would move the value out
#include "adder/adder.hpp"

using namespace adder;

struct Counter {
  int total = 0;
  int into_total() && { return total; }
  int get_total() const { return total; }
};
template <>
struct adder::PyClass<Counter> {
  static constexpr auto name = "Counter";
  static void define([[maybe_unused]] ClassBuilder<Counter>& cls) {
#if ADDER_MUST_NOT_COMPILE
    cls.def<&Counter::into_total>("into_total");
#else
    cls.def<&Counter::get_total>("get_total");
#endif
  }
};

void probe(ModuleBuilder& m) { m.add_class<Counter>(); }
