// SPDX-License-Identifier: MIT
// That a pointer is const does not keep a detached method from changing the handles behind it.
// EXPECT: the garbage collector cannot look at a handle in a frozen class that may change meanwhile
#include "adder/adder.hpp"

#include <cstddef>
#include <memory>
#include <type_traits>
#include <vector>

using namespace adder;

class Queue {
 public:
  explicit Queue(Py<PyAny> item) { (void)item; }
  std::size_t size() const { return 0; }

 private:
#if ADDER_MUST_NOT_COMPILE
  const std::unique_ptr<std::vector<Py<PyAny>>> items_{};
#else
  const std::vector<Py<PyAny>> items_{};
#endif
  friend struct adder::PyClass<Queue>;
};
template <>
struct adder::UngilTraits<Queue> : std::true_type {};
template <>
struct adder::PyClass<Queue> {
  static constexpr auto name = "Queue";
  static constexpr bool frozen = true;
  using fields = FieldList<&Queue::items_>;
  static void define(ClassBuilder<Queue>& cls) {
    cls.def_new<Py<PyAny>>(arg("item"));
    cls.def<&Queue::size>("size", release_gil);
  }
};

void probe(ModuleBuilder& m) { m.add_class<Queue>(); }
