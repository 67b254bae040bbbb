// SPDX-License-Identifier: MIT
// Each module has a table of parts of its own.
// EXPECT: adder: a class that modules share has no parts, which are known to one module alone: leave `part` out
#include "adder/adder.hpp"
#include "adder/class/part.hpp"
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
  static constexpr bool part = true;
#endif
  static void define(ClassBuilder<Mesh>&) {}
};

void probe(ModuleBuilder& m) { m.add_class<Mesh>(); }
