// SPDX-License-Identifier: MIT
// A function that takes the base of a class takes its parts too, and has to expect them.
// EXPECT: adder: a class whose objects may be parts has a base of which that is true as well
#include "adder/adder.hpp"
#include "adder/class/part.hpp"

using namespace adder;

struct Seat {
  int legs = 4;
};
struct Sofa : Seat {};
template <>
struct adder::PyClass<Seat> {
  static constexpr auto name = "Seat";
  static constexpr bool subclass = true;
#if !ADDER_MUST_NOT_COMPILE
  static constexpr bool part = true;
#endif
  static void define(ClassBuilder<Seat>&) {}
};
template <>
struct adder::PyClass<Sofa> {
  static constexpr auto name = "Sofa";
  static constexpr bool part = true;
  using base = Seat;
  static void define(ClassBuilder<Sofa>&) {}
};
void probe(ModuleBuilder& m) { m.add_class<Sofa>(); }
