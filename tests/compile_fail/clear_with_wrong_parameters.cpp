// SPDX-License-Identifier: MIT
// The collector calls clear with the value alone.
// EXPECT: adder: PyClass<T>::clear takes T&, or const T& of a frozen class
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
  static void traverse(const Node& node, PyVisit& visit) { visit(node.next); }
#if ADDER_MUST_NOT_COMPILE
  static void clear(Node& node, PyVisit&) { node.next.reset(); }
#else
  static void clear(Node& node) { node.next.reset(); }
#endif
  static void define(ClassBuilder<Node>&) {}
};

void probe(ModuleBuilder& m) { m.add_class<Node>(); }
