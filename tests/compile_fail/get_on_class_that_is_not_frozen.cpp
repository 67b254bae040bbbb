// SPDX-License-Identifier: MIT
// get() reads without a borrow, so it is for frozen classes.
// EXPECT: get.. is for frozen classes: write borrow
#include "adder/adder.hpp"

using namespace adder;

struct Counter {
  int total;
};
template <>
struct adder::PyClass<Counter> {
  static constexpr auto name = "Counter";
  static void define(ClassBuilder<Counter>&) {}
};

int probe(const Bound<Counter>& counter) {
#if ADDER_MUST_NOT_COMPILE
  return counter.get().total;
#else
  return counter.borrow()->total;
#endif
}
