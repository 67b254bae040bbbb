// SPDX-License-Identifier: MIT
// The collector counts the handles that it is shown: one shown twice makes garbage of what is alive.
// EXPECT: adder: the fields of a pyclass have one twice, or one that the base class has
#include "adder/adder.hpp"

#include <optional>

using namespace adder;

struct Node {
  Node() {}
  std::optional<Py<PyAny>> next;
  std::optional<Py<PyAny>> before;
};
template <>
struct adder::PyClass<Node> {
  static constexpr auto name = "Node";
#if ADDER_MUST_NOT_COMPILE
  using fields = FieldList<&Node::next, &Node::next>;
#else
  using fields = FieldList<&Node::next, &Node::before>;
#endif
  static void define(ClassBuilder<Node>&) {}
};

void probe(ModuleBuilder& m) { m.add_class<Node>(); }
