// SPDX-License-Identifier: MIT
// A borrow that ends with the expression gives no reference to the value: the PyRef goes into a variable.
// EXPECT: (use of deleted function .*Guard<.*operator\*|overload resolution selected deleted operator .\*)
// EXPECT: keep the guard in a variable, or write copied\(\)
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
  const Counter& value = *counter.borrow();
  return value.total;
#else
  const auto borrowed = counter.borrow();
  const Counter& value = *borrowed;
  return value.total;
#endif
}
