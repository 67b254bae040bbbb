// SPDX-License-Identifier: MIT
// Classes of other modules have a header of their own.
// EXPECT: adder: `shared_from` needs its header: #include <adder/class/shared_from.hpp>
#include "adder/adder.hpp"
#if !ADDER_MUST_NOT_COMPILE
#include "adder/class/shared_from.hpp"
#endif

using namespace adder;

struct Mesh {
  double size = 1;
};

template <>
struct adder::PyClass<Mesh> {
  static constexpr auto name = "Mesh";
  static constexpr auto shared_from = "geometry";
  static void define(ClassBuilder<Mesh>&) {}
};

void probe(ModuleBuilder& m) { m.add_class<Mesh>(); }
