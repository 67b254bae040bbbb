// SPDX-License-Identifier: MIT
// How objects are pickled is in a header that adder.hpp does not include.
// EXPECT: adder: def_pickle needs its header
#include "adder/adder.hpp"
#if !ADDER_MUST_NOT_COMPILE
#include "adder/class/pickle.hpp"  // IWYU pragma: keep (def_pickle)
#endif

using namespace adder;

struct Counter {
  int total = 0;
};
Counter counter_of(int total) { return Counter{total}; }

template <>
struct adder::PyClass<Counter> {
  static constexpr auto name = "Counter";
  static void define(ClassBuilder<Counter>& cls) { cls.def_pickle<&Counter::total, &counter_of>(); }
};

void probe(Python py) { (void)Bound<Counter>::new_(py); }
