// SPDX-License-Identifier: MIT
// A constructor's parameters are all named, or none.
// EXPECT: name every parameter of the function with arg
#include "adder/adder.hpp"

using namespace adder;

struct Counter {
  Counter(int start, int step) : total(start + step) {}
  int total;
};
template <>
struct adder::PyClass<Counter> {
  static constexpr auto name = "Counter";
  static void define([[maybe_unused]] ClassBuilder<Counter>& cls) {
#if ADDER_MUST_NOT_COMPILE
    cls.def_new<int, int>(arg("start"));
#else
    cls.def_new<int, int>(arg("start"), arg("step") = 1);
#endif
  }
};

void probe(ModuleBuilder& m) { m.add_class<Counter>(); }
