// SPDX-License-Identifier: MIT
// What is in an unnamed namespace is another class in each file, even where both files spell it alike.
// EXPECT: adder: a class that modules share is not in an unnamed namespace: there it is another class in each of them
#include "adder/adder.hpp"
#include "adder/class/shared_from.hpp"

using namespace adder;

#if ADDER_MUST_NOT_COMPILE
namespace {
struct Mesh {
  double size = 1;
};
}  // namespace
#else
struct Mesh {
  double size = 1;
};
#endif

template <>
struct adder::PyClass<Mesh> {
  static constexpr auto name = "Mesh";
  static constexpr auto shared_from = "geometry";
  static void define(ClassBuilder<Mesh>&) {}
};

void probe(ModuleBuilder& m) { m.add_class<Mesh>(); }
