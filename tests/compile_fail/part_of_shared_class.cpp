// SPDX-License-Identifier: MIT
// Each module knows the addresses that its own parts remember.
// EXPECT: adder: part_of: a class that modules share gives out no references, as functions of the others change its objects unseen
#include "adder/adder.hpp"
#include "adder/class/part.hpp"
#include "adder/class/shared_from.hpp"

using namespace adder;

struct Node {
  double weight = 1;
};
struct Mesh {
  Node nodes[3];
  Node& heaviest() { return nodes[0]; }
};

template <>
struct adder::PyClass<Node> {
  static constexpr auto name = "Node";
  static constexpr bool part = true;
  static void define(ClassBuilder<Node>&) {}
};
template <>
struct adder::PyClass<Mesh> {
  static constexpr auto name = "Mesh";
#if ADDER_MUST_NOT_COMPILE
  static constexpr auto shared_from = "geometry";
#endif
  static void define(ClassBuilder<Mesh>& cls) { cls.def<part_of<&Mesh::heaviest>>("heaviest"); }
};

void probe(ModuleBuilder& m) { m.add_class<Mesh>(); }
