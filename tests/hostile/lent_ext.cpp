// SPDX-License-Identifier: MIT
// What C++ lends to an operation, and Python code changes or drops meanwhile: arguments that come later, a container
// that is being made into a list, structs behind pointers.
#include "adder/adder.hpp"
#include "adder/stl/vector.hpp"
#include "adder/types/set.hpp"

#include <memory>
#include <optional>
#include <stdexcept>
#include <vector>

using namespace adder;

namespace {

using Any = Bound<PyAny>;

std::optional<Any> held;
std::vector<long> entries;
/// What is held, where the collector was not there before.
const Any& lent() {
  if (!held) throw std::out_of_range("dropped already");
  return *held;
}

struct Node {
  std::shared_ptr<Node> next;
};

}  // namespace

/// A conversion of the user's that leads to itself.
template <>
struct adder::FromPyObject<std::shared_ptr<Node>> {
  static constexpr const char* expected() noexcept { return "node or None"; }
  static PyResult<std::shared_ptr<Node>> extract(const Any& object) {
    if (object.is_none()) return std::shared_ptr<Node>();
    auto node = std::make_shared<Node>();
    node->next = object.getattr("next"_s).extract<std::shared_ptr<Node>>();
    return node;
  }
};

ADDER_MODULE(lent_ext, m) {
  m.def<[](const Any& object) { held.emplace(object); }>("hold");
  m.def<[] { held.reset(); }>("drop");
  m.def<[](const Any& first) { return PySet::new_(first.py(), first, lent()); }>("set_of");
  m.def<[](const Any& first) { return PyTuple::new_(first.py(), first, lent(), 1); }>("tuple_of");
  m.def<[](const Any& function) { return function(std::vector<std::vector<long>>{{1, 2}}, lent()); }>("call_with");

  m.def<[]() -> const std::vector<long>& { return entries; }>("entries");
  m.def<[](long count) { entries.resize(static_cast<std::size_t>(count), 7); }>("resize");

  m.def<[](const std::shared_ptr<Node>& node) {
    long length = 0;
    for (const Node* at = node.get(); at != nullptr; at = at->next.get()) ++length;
    return length;
  }>("length");
}
