// SPDX-License-Identifier: MIT
// A frozen class's detached method may change mutable fields under a mutex, of which the garbage collector knows
// nothing.
// EXPECT: the garbage collector cannot look at a handle in a frozen class that may change meanwhile
#include "adder/adder.hpp"
#include "adder/sync/py_mutex.hpp"

#include <mutex>
#include <type_traits>
#include <utility>
#include <vector>

using namespace adder;

class Queue {
 public:
  explicit Queue(Py<PyAny> owner) : owner_(std::move(owner)) {}
#if ADDER_MUST_NOT_COMPILE
  void clear() const {
    const std::lock_guard lock(mutex_);
    items_.clear();
  }
#else
  void clear() const { items_.lock_detached()->clear(); }
#endif

 private:
  const Py<PyAny> owner_;
#if ADDER_MUST_NOT_COMPILE
  mutable std::mutex mutex_;
  mutable std::vector<Py<PyAny>> items_;
#else
  mutable std::mutex mutex_;
  mutable adder::PyMutex<std::vector<Py<PyAny>>> items_;
#endif
  friend struct adder::PyClass<Queue>;
};
template <>
struct adder::UngilTraits<Queue> : std::true_type {};
template <>
struct adder::PyClass<Queue> {
  static constexpr auto name = "Queue";
  static constexpr bool frozen = true;
  using fields = FieldList<&Queue::owner_, &Queue::mutex_, &Queue::items_>;
  static void define(ClassBuilder<Queue>& cls) {
    cls.def_new<Py<PyAny>>(arg("owner"));
    cls.def<&Queue::clear>("clear", release_gil);
  }
};

void probe(ModuleBuilder& m) { m.add_class<Queue>(); }
