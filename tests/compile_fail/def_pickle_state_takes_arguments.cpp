// SPDX-License-Identifier: MIT
// Nobody could say what to pass for the argument.
// EXPECT: to_state takes the object and nothing else
#include "adder/adder.hpp"
#include "adder/class/pickle.hpp"  // IWYU pragma: keep (def_pickle)

using namespace adder;

struct Counter {
  int total = 0;
  int scaled(int by) const { return total * by; }
  int state() const { return total; }
};
Counter counter_of(int total) { return Counter{total}; }

template <>
struct adder::PyClass<Counter> {
  static constexpr auto name = "Counter";
  static void define(ClassBuilder<Counter>& cls) {
#if ADDER_MUST_NOT_COMPILE
    cls.def_pickle<&Counter::scaled, &counter_of>();
#else
    cls.def_pickle<&Counter::state, &counter_of>();
#endif
  }
};

void probe(Python py) { (void)Bound<Counter>::new_(py); }
