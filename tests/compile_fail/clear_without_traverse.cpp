// SPDX-License-Identifier: MIT
// Only a cycle that is found can be broken.
// EXPECT: adder: PyClass<T> has one of traverse and clear: a cycle is found by the one and broken by the other
#include "adder/adder.hpp"

#include <optional>

using namespace adder;

struct Node {
  explicit Node(int given) : label(given) {}
  std::optional<Py<PyAny>> next;
  int label;
};
template <>
struct adder::PyClass<Node> {
  static constexpr auto name = "Node";
#if !ADDER_MUST_NOT_COMPILE
  static void traverse(const Node& node, PyVisit& visit) { visit(node.next); }
#endif
  static void clear(Node& node) { node.next.reset(); }
  static void define(ClassBuilder<Node>&) {}
};

void probe(ModuleBuilder& m) { m.add_class<Node>(); }
