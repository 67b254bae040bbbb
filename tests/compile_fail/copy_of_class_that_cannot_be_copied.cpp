// SPDX-License-Identifier: MIT
// copied() is for classes with a copy constructor.
// FIRST: adder: copied\(\): this pyclass cannot be copied
#include "adder/adder.hpp"

using namespace adder;

struct Counter {
  explicit Counter(int start) : total(start) {}
#if ADDER_MUST_NOT_COMPILE
  Counter(const Counter&) = delete;
#endif
  int total;
};
template <>
struct adder::PyClass<Counter> {
  static constexpr auto name = "Counter";
  static void define(ClassBuilder<Counter>&) {}
};

int probe(const Bound<Counter>& counter) { return counter.borrow().copied().total; }
