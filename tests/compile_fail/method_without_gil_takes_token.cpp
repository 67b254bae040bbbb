// SPDX-License-Identifier: MIT
// A method that runs without the GIL has no token, wherever it would stand.
// FIRST: adder: a method with release_gil takes no token: it runs without the GIL
#include "adder/adder.hpp"

#include <type_traits>

using namespace adder;

struct Counter {
  int total = 0;
};
template <>
struct adder::UngilTraits<Counter> : std::true_type {};
template <>
struct adder::PyClass<Counter> {
  static constexpr auto name = "Counter";
  static void define(ClassBuilder<Counter>& cls) {
#if ADDER_MUST_NOT_COMPILE
    cls.def<[](Python, const Counter& self) { return self.total; }>("get", release_gil);
#else
    cls.def<[](const Counter& self) { return self.total; }>("get", release_gil);
#endif
  }
};

void probe(ModuleBuilder& m) { m.add_class<Counter>(); }
