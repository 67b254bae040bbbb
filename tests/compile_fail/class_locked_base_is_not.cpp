// SPDX-License-Identifier: MIT
// EXPECT: adder: a pyclass and its base are both locked or neither
#include "adder/adder.hpp"
#include "adder/class/locked.hpp"

using namespace adder;

struct Clock {
  int hour = 0;
};
struct Alarm : Clock {
  Alarm() = default;
  int at = 0;
};
template <>
struct adder::PyClass<Clock> {
  static constexpr auto name = "Clock";
  static constexpr bool subclass = true;
#if !ADDER_MUST_NOT_COMPILE
  static constexpr bool locked = true;
#endif
  static void define(ClassBuilder<Clock>&) {}
};
template <>
struct adder::PyClass<Alarm> {
  static constexpr auto name = "Alarm";
  static constexpr bool locked = true;
  using base = Clock;
  static void define(ClassBuilder<Alarm>&) {}
};

void probe(ModuleBuilder& m) { m.add_class<Alarm>(); }
