// SPDX-License-Identifier: MIT
// Each module counts its threads: the same number is another thread in another one.
// EXPECT: adder: a class that modules share is not unsendable, as each module knows threads by numbers of its own: leave `unsendable` out
#include "adder/adder.hpp"
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
  static constexpr bool unsendable = true;
#endif
  static void define(ClassBuilder<Mesh>&) {}
};

void probe(ModuleBuilder& m) { m.add_class<Mesh>(); }
