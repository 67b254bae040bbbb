// SPDX-License-Identifier: MIT
// A FieldList is complete: the collector and the check of the class rely on it.
// EXPECT: adder: the FieldList of a pyclass leaves a field out: list all of them, in the order of their declaration, or write PartialFieldList
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
  using fields = FieldList<&Node::next>;
#else
  using fields = FieldList<&Node::next, &Node::label>;
#endif
  static void define(ClassBuilder<Node>&) {}
};

void probe(ModuleBuilder& m) { m.add_class<Node>(); }
