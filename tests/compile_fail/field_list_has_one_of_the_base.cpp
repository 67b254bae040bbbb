// SPDX-License-Identifier: MIT
// The base shows its handles itself.
// EXPECT: adder: the fields of a pyclass have one twice, or one that the base class has
#include "adder/adder.hpp"

#include <optional>

using namespace adder;

struct Node {
  Node() {}
  std::optional<Py<PyAny>> next;
};
struct Leaf : Node {
  std::optional<Py<PyAny>> item;
};
template <>
struct adder::PyClass<Node> {
  static constexpr auto name = "Node";
  static constexpr bool subclass = true;
  using fields = FieldList<&Node::next>;
  static void define(ClassBuilder<Node>&) {}
};
template <>
struct adder::PyClass<Leaf> {
  static constexpr auto name = "Leaf";
  using base = Node;
#if ADDER_MUST_NOT_COMPILE
  using fields = FieldList<&Leaf::next, &Leaf::item>;
#else
  using fields = FieldList<&Leaf::item>;
#endif
  static void define(ClassBuilder<Leaf>&) {}
};

void probe(ModuleBuilder& m) { m.add_class<Leaf>(); }
