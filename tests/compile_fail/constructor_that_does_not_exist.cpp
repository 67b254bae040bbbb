// SPDX-License-Identifier: MIT
// def_new names a constructor that the class has.
// EXPECT: def_new<Args...>: the class has no such constructor
#include "adder/adder.hpp"

using namespace adder;

struct Counter {
  explicit Counter(int start) : total(start) {}
  int total;
};
template <>
struct adder::PyClass<Counter> {
  static constexpr auto name = "Counter";
  static void define([[maybe_unused]] ClassBuilder<Counter>& cls) {
#if ADDER_MUST_NOT_COMPILE
    cls.def_new<const char*, int>();
#else
    cls.def_new<int>();
#endif
  }
};

void probe(ModuleBuilder& m) { m.add_class<Counter>(); }
