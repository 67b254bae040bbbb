// SPDX-License-Identifier: MIT
// A method's parameters are all named, or none; the receiver is not among them.
// EXPECT: and the receiver of a
#include "adder/adder.hpp"

using namespace adder;

struct Counter {
  int total = 0;
  int add(int by) { return total += by; }
};
template <>
struct adder::PyClass<Counter> {
  static constexpr auto name = "Counter";
  static void define([[maybe_unused]] ClassBuilder<Counter>& cls) {
#if ADDER_MUST_NOT_COMPILE
    cls.def<&Counter::add>("add", arg("self"), arg("by"));
#else
    cls.def<&Counter::add>("add", arg("by"));
#endif
  }
};

void probe(ModuleBuilder& m) { m.add_class<Counter>(); }
