// SPDX-License-Identifier: MIT
// Others may be reading the value of a frozen class: clear gets it as const.
// EXPECT: adder: PyClass<T>::clear takes T&, or const T& of a frozen class
#include "adder/adder.hpp"

#include <optional>

using namespace adder;

struct Node {
  explicit Node(int given) : label(given) {}
  mutable std::optional<Py<PyAny>> next;
  int label;
};
template <>
struct adder::PyClass<Node> {
  static constexpr auto name = "Node";
  static constexpr bool frozen = true, sync = true;
  static void traverse(const Node& node, PyVisit& visit) { visit(node.next); }
#if ADDER_MUST_NOT_COMPILE
  static void clear(Node& node) { node.next.reset(); }
#else
  static void clear(const Node& node) { node.next.reset(); }
#endif
  static void define(ClassBuilder<Node>&) {}
};

void probe(ModuleBuilder& m) { m.add_class<Node>(); }
