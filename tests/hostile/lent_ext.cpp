// SPDX-License-Identifier: MIT
// What C++ lends to an operation, and Python code changes or drops meanwhile: arguments that come later, a container
// that is being made into a list, structs behind pointers.
#include "adder/adder.hpp"
#include "adder/stl/optional.hpp"
#include "adder/stl/vector.hpp"
#include "adder/types/set.hpp"

#include <cstddef>
#include <memory>
#include <optional>
#include <stdexcept>
#include <utility>
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

/// What becomes of an entry is up to a Python function.
struct Entry {
  long number = 0;
};
std::optional<Py<PyAny>> shown_by;
class Log {
 public:
  void add(long number) { entries_.push_back({number}); }
  const std::vector<Entry>& get() const { return entries_; }
  std::vector<Entry> entries_;
};

}  // namespace
template <>
struct adder::IntoPyObject<Entry> {
  static PyResult<Any> into_py(Python py, const Entry& entry) {
    try {
      return shown_by->bind(py).call(entry.number);
    } catch (const PyErr& error) {
      return error;
    }
  }
};
template <>
struct adder::PyClass<Log> {
  static constexpr auto name = "Log";
  static constexpr bool subclass = true;
  static void define(ClassBuilder<Log>& cls) {
    cls.def_new<>();
    cls.def<&Log::add>("add", arg("number"));
    cls.def<&Log::get>("get");
    cls.getter<&Log::entries_>("entries");
  }
};

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

  m.add_class<Log>();
  m.def<[](std::optional<Py<PyAny>> function) { shown_by = std::move(function); }>("show_by");

  m.def<[](const std::shared_ptr<Node>& node) {
    long length = 0;
    for (const Node* at = node.get(); at != nullptr; at = at->next.get()) ++length;
    return length;
  }>("length");
}
