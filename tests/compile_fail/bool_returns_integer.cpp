// SPDX-License-Identifier: MIT
// __bool__ returns bool.
// EXPECT: __bool__ returns bool
#include "adder/adder.hpp"

using namespace adder;

struct Counter {
  int total = 0;
  int count() const { return total; }
  bool any() const { return total != 0; }
};
template <>
struct adder::PyClass<Counter> {
  static constexpr auto name = "Counter";
  static void define([[maybe_unused]] ClassBuilder<Counter>& cls) {
#if ADDER_MUST_NOT_COMPILE
    cls.def<"__bool__", &Counter::count>();
#else
    cls.def<"__bool__", &Counter::any>();
#endif
  }
};

void probe(ModuleBuilder& m) { m.add_class<Counter>(); }
