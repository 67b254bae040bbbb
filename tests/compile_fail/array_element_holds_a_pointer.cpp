// SPDX-License-Identifier: MIT
// A field that is a pointer would be whatever Python has written there.
// EXPECT: adder: T is no type that the elements of a buffer or array may have
#include "adder/array/buffer.hpp"

#include <cstddef>
#include <cstdint>

using namespace adder;

struct Node {
#if ADDER_MUST_NOT_COMPILE
  Node* next;
#else
  std::int64_t next;
#endif
};
template <>
struct adder::ArrayElement<Node> : adder::ElementFields<Node, Field<"next", &Node::next>> {};

std::size_t probe(const Bound<PyAny>& object) { return PyBuffer<Node>::get(object).value().item_count(); }
