// SPDX-License-Identifier: MIT
// A finalizer gets the object, which it may keep alive.
// EXPECT: adder: PyClass<T>::finalize takes const Bound<T>&
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
  static void finalize(Node&) {}
#else
  static void finalize(const Bound<Node>&) {}
#endif
  static void define(ClassBuilder<Node>&) {}
};

void probe(ModuleBuilder& m) { m.add_class<Node>(); }
