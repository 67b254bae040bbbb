// SPDX-License-Identifier: MIT
// The values of a frozen class never change: a copy serves as well as a part.
// EXPECT: adder: the values of a frozen class never change, so that a copy serves as well as a part
#include "adder/adder.hpp"
#include "adder/class/part.hpp"

using namespace adder;

struct Engine {
  const int power = 1;
};
template <>
struct adder::PyClass<Engine> {
  static constexpr auto name = "Engine";
  static constexpr bool part = true;
#if ADDER_MUST_NOT_COMPILE
  static constexpr bool frozen = true;
#endif
  static void define(ClassBuilder<Engine>&) {}
};
void probe(ModuleBuilder& m) { m.add_class<Engine>(); }
