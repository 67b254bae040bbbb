// SPDX-License-Identifier: MIT
// A borrow is not copied: the flag counts each one.
// EXPECT: (use of deleted function .*PyRef<|call to (implicitly-)?deleted (copy )?constructor of .*PyRef<)
#include "adder/adder.hpp"

#include <utility>

using namespace adder;

struct Counter {
  int total;
};
template <>
struct adder::PyClass<Counter> {
  static constexpr auto name = "Counter";
  static void define(ClassBuilder<Counter>&) {}
};

int probe(PyRef<Counter>& borrowed) {
#if ADDER_MUST_NOT_COMPILE
  const PyRef<Counter> other = borrowed;
#else
  const PyRef<Counter> other = std::move(borrowed);
#endif
  return other->total;
}
