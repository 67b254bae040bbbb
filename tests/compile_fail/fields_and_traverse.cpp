// SPDX-License-Identifier: MIT
// A class says once where its handles are.
// EXPECT: adder: PyClass<T> has both fields and traverse: one of them is enough
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
#if ADDER_MUST_NOT_COMPILE
  using fields = FieldList<&Node::next, &Node::label>;
#endif
  static void traverse(const Node& node, PyVisit& visit) { visit(node.next); }
  static void clear(Node& node) { node.next.reset(); }
  static void define(ClassBuilder<Node>&) {}
};

void probe(ModuleBuilder& m) { m.add_class<Node>(); }
