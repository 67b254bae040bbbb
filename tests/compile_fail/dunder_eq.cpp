// SPDX-License-Identifier: MIT
// Operators and comparisons are compiled only by who asks for them.
// FIRST: adder: this dunder needs its header: #include <adder/class/protocols.hpp>
#include "adder/adder.hpp"
#if !ADDER_MUST_NOT_COMPILE
#include "adder/class/protocols.hpp"  // IWYU pragma: keep (the dunders)
#endif

using namespace adder;

struct Counter {
  int total = 0;
  bool equals(const Counter& other) const { return total == other.total; }
};
template <>
struct adder::PyClass<Counter> {
  static constexpr auto name = "Counter";
  static void define(ClassBuilder<Counter>& cls) { cls.def<"__eq__", &Counter::equals>(); }
};

void probe(ModuleBuilder& m) { m.add_class<Counter>(); }
