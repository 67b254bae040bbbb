// SPDX-License-Identifier: MIT
// __len__ returns an integer.
// EXPECT: __len__ returns an integer
#include "adder/adder.hpp"

using namespace adder;

struct Counter {
  int total = 0;
  const char* size() const { return "many"; }
  int count() const { return total; }
};
template <>
struct adder::PyClass<Counter> {
  static constexpr auto name = "Counter";
  static void define([[maybe_unused]] ClassBuilder<Counter>& cls) {
#if ADDER_MUST_NOT_COMPILE
    cls.def<"__len__", &Counter::size>();
#else
    cls.def<"__len__", &Counter::count>();
#endif
  }
};

void probe(ModuleBuilder& m) { m.add_class<Counter>(); }
