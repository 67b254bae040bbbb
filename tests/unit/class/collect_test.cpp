// SPDX-License-Identifier: MIT
// Classes whose objects refer to each other, and the garbage collector.
#include "adder/class/collect.hpp"

#include "adder/adder.hpp"
#include "adder/stl/optional.hpp"
#include "support/classes.hpp"
#include "support/errors.hpp"
#include "support/refcount.hpp"

#include <gtest/gtest.h>

#include <optional>
#include <utility>
#include <vector>

using namespace adder;

namespace {

using test::collect;
using test::count;
using test::Counted;
using test::error_of;
using test::is_collected;
using test::is_tracked;
using test::per_object;
using test::type_count;

/// Refers to its own kind, and is complete before it is a pyclass.
struct Node {
  std::optional<Py<Node>> next;
  int label = 0;
};

/// Fields that nobody but its PyClass may name.
class Listed {
 public:
  void keep(const Bound<PyAny>& object) { handle_ = object; }

 private:
  friend struct adder::PyClass<Listed>;
  std::optional<Py<PyAny>> handle_;
  char padded_ = 0;
};
class ListedMore : public Listed {
 public:
  void keep_more(const Bound<PyAny>& object) { more_.emplace_back(object); }

 private:
  friend struct adder::PyClass<ListedMore>;
  char tail_ = 0;
  std::vector<Py<PyAny>> more_;
  Counted counted_{1};
};

/// Behind a plain pointer adder does not look.
struct ByHand {
  ByHand() = default;
  ByHand(const ByHand&) = delete;
  ByHand& operator=(const ByHand&) = delete;
  ~ByHand() { delete handle; }
  Py<PyAny>* handle = nullptr;
};

}  // namespace

template <>
struct adder::PyClass<Node> {
  static constexpr auto name = "Node";
  static constexpr bool weakref = true;
  static void define(ClassBuilder<Node>& cls) {
    cls.getter<&Node::label>("label");
    cls.def<[](Node& self, Py<Node> next) { self.next = std::move(next); }>("link");
    cls.def<[](const Bound<Node>& self) -> std::optional<Bound<Node>> {
      const auto node = self.borrow();
      if (!node->next) return std::nullopt;
      return node->next->bind(self.py());
    }>("next");
  }
};
template <>
struct adder::PyClass<Listed> {
  static constexpr auto name = "Listed";
  static constexpr bool subclass = true, weakref = true;
  using fields = FieldList<&Listed::handle_, &Listed::padded_>;
  static void define(ClassBuilder<Listed>&) {}
};
template <>
struct adder::PyClass<ListedMore> {
  static constexpr auto name = "ListedMore";
  using base = Listed;
  using fields = FieldList<&ListedMore::tail_, &ListedMore::more_, &ListedMore::counted_>;
  static void define(ClassBuilder<ListedMore>&) {}
};
template <>
struct adder::PyClass<ByHand> {
  static constexpr auto name = "ByHand";
  static constexpr bool weakref = true;
  static void traverse(const ByHand& value, PyVisit& visit) {
    if (value.handle != nullptr) visit(*value.handle);
  }
  static void clear(ByHand& value) { delete std::exchange(value.handle, nullptr); }
  static void define(ClassBuilder<ByHand>&) {}
};

namespace {

/// What the collector does with an object of a cycle.
void clear(const Bound<PyAny>& object) { EXPECT_EQ(Py_TYPE(object.as_ptr())->tp_clear(object.as_ptr()), 0); }

// REFERENCE_ROUNDS: 60. With chains of a hundred thousand objects.

TEST(Collect, a_class_may_refer_to_its_own_kind) {
  Python::with_gil([](Python py) {
    const auto first = Bound<Node>::new_(py), second = Bound<Node>::new_(py, std::nullopt, 2);
    first.call_method("link"_s, second);
    EXPECT_EQ(first.call_method("next"_s).getattr("label"_s).extract<int>(), 2);
    EXPECT_TRUE(second.call_method("next"_s).is_none());
    EXPECT_EQ(first.borrow()->next->bind(py).borrow()->label, 2);
    EXPECT_EQ(count(second), 2);
    EXPECT_TRUE(is_tracked(first));
    EXPECT_FALSE(is_tracked(Bound<Counted>::new_(py, 1)));
    EXPECT_EQ(error_of([&] { first.call_method("link"_s, 5); }),
              "TypeError: Node.link() argument 1 must be Node, not int");
  });
}

TEST(Collect, a_long_chain_of_objects_dies_without_overflowing_the_stack) {
  Python::with_gil([](Python py) {
    auto head = Py<Node>::new_(py);
    for (int i = 0; i < 200'000; ++i) head = Py<Node>::new_(py, std::move(head), i);
    std::move(head).drop_ref(py);
  });
}

TEST(Collect, a_cycle_of_objects_is_collected) {
  Python::with_gil([](Python py) {
    collect(py);
    const Py_ssize_t before = type_count<Node>(py);
    {
      const auto a = Bound<Node>::new_(py), b = Bound<Node>::new_(py);
      a.borrow_mut()->next = b;
      b.borrow_mut()->next = a;
    }
    EXPECT_EQ(type_count<Node>(py), before + 2 * per_object);
    EXPECT_GE(collect(py), 2);
    EXPECT_EQ(type_count<Node>(py), before);
  });
}

TEST(Collect, a_cycle_through_a_value_that_is_being_changed_waits) {
  Python::with_gil([](Python py) {
    collect(py);
    const Py_ssize_t before = type_count<Node>(py);
    {
      std::optional<Bound<Node>> node = Bound<Node>::new_(py);
      auto writer = node->borrow_mut();
      writer->next = *node;
      node.reset();
      (void)collect(py);
      EXPECT_TRUE(writer->next.has_value());
      EXPECT_EQ(count(writer.as_bound()), 2);
    }
    EXPECT_EQ(type_count<Node>(py), before + per_object);
    EXPECT_GE(collect(py), 1);
    EXPECT_EQ(type_count<Node>(py), before);
  });
}

TEST(Collect, what_the_collector_took_apart_says_so) {
  Python::with_gil([](Python py) {
    const auto node = Bound<Node>::new_(py);
    node.borrow_mut()->next = Bound<Node>::new_(py, std::nullopt, 3);
    {
      const auto writer = node.borrow_mut();
      clear(node);
      EXPECT_TRUE(writer->next.has_value());
    }
    {
      const auto reader = node.borrow();
      clear(node);
      EXPECT_TRUE(reader->next.has_value());
    }
    EXPECT_EQ(node.borrow()->next->bind(py).borrow()->label, 3);
    clear(node);
    constexpr auto text = "RuntimeError: 'Node' object was taken apart by the garbage collector";
    EXPECT_EQ(error_of([&] { (void)node.borrow(); }), text);
    EXPECT_EQ(error_of([&] { (void)node.borrow_mut(); }), text);
    EXPECT_EQ(error_of([&] { (void)node.getattr("label"_s); }), text);
    clear(node);
  });
}

TEST(Collect, private_fields_are_listed_for_the_collector) {
  Python::with_gil([](Python py) {
    EXPECT_TRUE(is_collected<ListedMore>(py, [](ListedMore& value, const Bound<PyAny>& it) { value.keep(it); }));
    EXPECT_TRUE(is_collected<ListedMore>(py, [](ListedMore& value, const Bound<PyAny>& it) { value.keep_more(it); }));
    EXPECT_EQ(Counted::alive, 0);
  });
}

TEST(Collect, a_class_is_traversed_and_cleared_by_hand) {
  Python::with_gil([](Python py) {
    EXPECT_TRUE(
        is_collected<ByHand>(py, [](ByHand& value, const Bound<PyAny>& it) { value.handle = new Py<PyAny>(it); }));
  });
}

}  // namespace
