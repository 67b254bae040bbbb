// SPDX-License-Identifier: MIT
// A function without parameters has no object that it could be a method of.
// EXPECT: adder: a function that is bound as a method takes the object first: as const T&, T&, PyRef<T>
#include "adder/adder.hpp"

using namespace adder;

struct Counter {
  int total = 0;
  static int limit() { return 100; }
  int get_total() const { return total; }
};
template <>
struct adder::PyClass<Counter> {
  static constexpr auto name = "Counter";
  static void define([[maybe_unused]] ClassBuilder<Counter>& cls) {
#if ADDER_MUST_NOT_COMPILE
    cls.def<&Counter::limit>("limit");
#else
    cls.def<&Counter::get_total>("get_total");
#endif
  }
};

void probe(ModuleBuilder& m) { m.add_class<Counter>(); }
