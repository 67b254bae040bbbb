// SPDX-License-Identifier: MIT
// def of a class takes a member function.
// EXPECT: ClassBuilder::def takes a member function
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
