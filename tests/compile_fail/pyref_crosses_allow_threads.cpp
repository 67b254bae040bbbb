// SPDX-License-Identifier: MIT
// A shared borrow of a class's value does not cross allow_threads.
// EXPECT: not Ungil: it is, or holds, something tied to the GIL
// EXPECT: is_ungil<(const )?adder::[a-z0-9_:]*PyRef<Counter>
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

void probe(Python py, const PyRef<Counter>& counter) {
#if ADDER_MUST_NOT_COMPILE
  py.allow_threads([](const auto& borrowed) { return borrowed->total; }, counter);
#else
  py.allow_threads([](int total) { return total; }, counter->total);
#endif
}
