// SPDX-License-Identifier: MIT
// EXPECT: adder: a frozen class has nothing to lock
#include "adder/adder.hpp"
#include "adder/class/locked.hpp"

using namespace adder;

struct Clock {
  int hour = 0;
};
template <>
struct adder::PyClass<Clock> {
  static constexpr auto name = "Clock";
#if ADDER_MUST_NOT_COMPILE
  static constexpr bool frozen = true, sync = true;
#endif
  static constexpr bool locked = true;
  static void define(ClassBuilder<Clock>&) {}
};

void probe(ModuleBuilder& m) { m.add_class<Clock>(); }
