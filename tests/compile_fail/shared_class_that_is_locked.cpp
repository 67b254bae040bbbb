// SPDX-License-Identifier: MIT
// Each module knows who waits in it.
// EXPECT: adder: a class that modules share is not locked, as who waits is known to one module alone: leave `locked` out
#include "adder/adder.hpp"
#include "adder/class/locked.hpp"
#include "adder/class/shared_from.hpp"

using namespace adder;

struct Mesh {
  double size = 1;
};

template <>
struct adder::PyClass<Mesh> {
  static constexpr auto name = "Mesh";
  static constexpr auto shared_from = "geometry";
#if ADDER_MUST_NOT_COMPILE
  static constexpr bool locked = true;
#endif
  static void define(ClassBuilder<Mesh>&) {}
};

void probe(ModuleBuilder& m) { m.add_class<Mesh>(); }
