// SPDX-License-Identifier: MIT
// The items of the dict would be lost.
// EXPECT: adder: def_pickle: the class derives from a built-in type
#include "adder/adder.hpp"
#include "adder/class/pickle.hpp"  // IWYU pragma: keep (def_pickle)

using namespace adder;

struct Counter {
  int total = 0;
};
Counter counter_of(int total) { return Counter{total}; }

template <>
struct adder::PyClass<Counter> {
  static constexpr auto name = "Counter";
#if ADDER_MUST_NOT_COMPILE
  using base = PyDict;
#endif
  static void define(ClassBuilder<Counter>& cls) { cls.def_pickle<&Counter::total, &counter_of>(); }
};

void probe(Python py) { (void)Bound<Counter>::new_(py); }
