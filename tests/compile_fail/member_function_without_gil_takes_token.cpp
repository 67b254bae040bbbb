// SPDX-License-Identifier: MIT
// A member function that runs without the GIL has no token either, which a getter shows.
// FIRST: adder: a method with release_gil takes no token: it runs without the GIL
#include "adder/adder.hpp"

#include <type_traits>

using namespace adder;

struct Counter {
  int total = 0;
  int with_token(Python) const { return total; }
  int without() const { return total; }
};
template <>
struct adder::UngilTraits<Counter> : std::true_type {};
template <>
struct adder::PyClass<Counter> {
  static constexpr auto name = "Counter";
  static void define(ClassBuilder<Counter>& cls) {
#if ADDER_MUST_NOT_COMPILE
    cls.getter<&Counter::with_token>("total", release_gil);
#else
    cls.getter<&Counter::without>("total", release_gil);
#endif
  }
};

void probe(ModuleBuilder& m) { m.add_class<Counter>(); }
