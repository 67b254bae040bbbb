// SPDX-License-Identifier: MIT
// The module is named.
// EXPECT: adder: PyClass<T>::shared_from is text, and public
#include "adder/adder.hpp"
#include "adder/class/shared_from.hpp"

using namespace adder;

struct Mesh {
  double size = 1;
};

template <>
struct adder::PyClass<Mesh> {
  static constexpr auto name = "Mesh";
#if ADDER_MUST_NOT_COMPILE
  static constexpr bool shared_from = true;
#else
  static constexpr auto shared_from = "geometry";
#endif
  static void define(ClassBuilder<Mesh>&) {}
};

void probe(ModuleBuilder& m) { m.add_class<Mesh>(); }
