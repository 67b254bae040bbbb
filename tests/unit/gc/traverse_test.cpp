// SPDX-License-Identifier: MIT
// Where the handles in a value are found for the garbage collector.
#include "adder/adder.hpp"
#include "support/classes.hpp"
#include "support/refcount.hpp"

#include <gtest/gtest.h>

#include <array>
#include <map>
#include <memory>
#include <optional>
#include <span>
#include <tuple>
#include <utility>
#include <variant>
#include <vector>

using namespace adder;

namespace {

using test::collect;
using test::count;
using test::is_collected;
using test::is_tracked;
using test::type_count;

struct Cache {
  std::vector<Py<PyAny>> entries;
};
struct HoldsCache {
  Cache cache;
};
/// Shows its handle itself.
class Box {
 public:
  void put(Py<PyAny> handle) { handle_ = std::move(handle); }

 private:
  friend struct adder::Traverse<Box>;
  std::optional<Py<PyAny>> handle_;
};
struct Aggregate {
  int number = 0;
  std::optional<Py<PyAny>> handle;
};
/// A pyclass that is part of the value of another.
struct Part {
  std::optional<Py<PyAny>> link;
};
/// Has a handle in each kind of place.
struct Everywhere {
  std::optional<Py<PyAny>> in_optional;
  std::unique_ptr<Py<PyAny>> in_pointer;
  std::vector<std::vector<Py<PyAny>>> in_vectors;
  std::map<int, std::pair<int, std::optional<Py<PyAny>>>> in_map;
  std::variant<int, Py<PyAny>> in_variant;
  std::tuple<int, std::optional<Py<PyAny>>> in_tuple;
  std::array<std::optional<Py<PyAny>>, 2> in_array;
  Aggregate in_aggregate;
  Part in_class;
  Box in_box;
};
struct Holder {
  Everywhere all;
};

struct BorrowsAHandle {
  Py<PyAny>& theirs;
};
struct OwnsAHandle {
  Py<PyAny> ours;
  Py<PyAny>& theirs;
};

/// A view of somebody's own: ends where it began, as it owns nothing.
class View {
 public:
  using value_type = Py<PyAny>;
  View() = default;
  explicit View(std::vector<Py<PyAny>>& items) : begin_(items.data()), end_(items.data() + items.size()) {}
  Py<PyAny>* begin() const { return begin_; }
  Py<PyAny>* end() const { return end_; }

 private:
  Py<PyAny>* begin_ = nullptr;
  Py<PyAny>* end_ = nullptr;
};
struct ViewsItself {
  std::vector<Py<PyAny>> items;
  View view;
};

}  // namespace

template <>
struct adder::Traverse<Cache> : adder::NotTraversed {};
template <>
struct adder::Traverse<Box> {
  static constexpr bool holds_handles = true;
  static void visit(PyVisit& visit, const Box& box) { visit(box.handle_); }
  static void clear(Box& box) { box.handle_.reset(); }
};

template <>
struct adder::PyClass<HoldsCache> {
  static constexpr auto name = "HoldsCache";
  static constexpr bool weakref = true;
  static void define(ClassBuilder<HoldsCache>&) {}
};
template <>
struct adder::PyClass<Part> {
  static constexpr auto name = "Part";
  static void define(ClassBuilder<Part>&) {}
};
template <>
struct adder::PyClass<Holder> {
  static constexpr auto name = "Holder";
  static constexpr bool weakref = true;
  static void define(ClassBuilder<Holder>&) {}
};

namespace {

template <class Put>
bool is_found(Python py, Put put) {
  return is_collected<Holder>(py, [put](Holder& holder, const Bound<PyAny>& it) { put(holder.all, Py<PyAny>(it)); });
}

TEST(Traverse, what_a_reference_leads_to_is_not_shown_to_the_collector_as_the_aggregates_own) {
  Python::with_gil([](Python py) {
    static_assert(!adder::detail::holds_handles<BorrowsAHandle>() && adder::detail::holds_handles<OwnsAHandle>());
    Py<PyAny> outside(PyList::empty(py).into_any());
    const OwnsAHandle value{Py<PyAny>(PyDict::new_(py).into_any()), outside};
    std::vector<::PyObject*> shown;
    adder::detail::VisitAccess::visit_value(
        value,
        [](::PyObject* object, void* all) {
          static_cast<std::vector<::PyObject*>*>(all)->push_back(object);
          return 0;
        },
        &shown);
    EXPECT_EQ(shown, std::vector<::PyObject*>{value.ours.as_ptr()});
  });
}

TEST(Traverse, what_a_view_shows_is_not_shown_to_the_collector_once_more) {
  Python::with_gil([](Python py) {
    static_assert(!adder::detail::holds_handles<View>() && !adder::detail::holds_handles<std::span<Py<PyAny>>>());
    ViewsItself value;
    value.items.push_back(py.None().into_any().unbind());
    value.view = View(value.items);
    int shown = 0;
    adder::detail::VisitAccess::visit_value(
        value, [](::PyObject*, void* count) { return ++*static_cast<int*>(count), 0; }, &shown);
    EXPECT_EQ(shown, 1);
  });
}

// REFERENCE_ROUNDS: 60

TEST(Traverse, handles_are_found_wherever_they_are) {
  Python::with_gil([](Python py) {
    EXPECT_TRUE(is_found(py, [](Everywhere& all, Py<PyAny> it) { all.in_optional = std::move(it); }));
    EXPECT_TRUE(is_found(
        py, [](Everywhere& all, Py<PyAny> it) { all.in_pointer = std::make_unique<Py<PyAny>>(std::move(it)); }));
    EXPECT_TRUE(
        is_found(py, [](Everywhere& all, Py<PyAny> it) { all.in_vectors.emplace_back().push_back(std::move(it)); }));
    EXPECT_TRUE(is_found(py, [](Everywhere& all, Py<PyAny> it) { all.in_map[3].second = std::move(it); }));
    EXPECT_TRUE(is_found(py, [](Everywhere& all, Py<PyAny> it) { all.in_variant = std::move(it); }));
    EXPECT_TRUE(is_found(py, [](Everywhere& all, Py<PyAny> it) { std::get<1>(all.in_tuple) = std::move(it); }));
    EXPECT_TRUE(is_found(py, [](Everywhere& all, Py<PyAny> it) { all.in_array[1] = std::move(it); }));
    EXPECT_TRUE(is_found(py, [](Everywhere& all, Py<PyAny> it) { all.in_aggregate.handle = std::move(it); }));
    EXPECT_TRUE(is_found(py, [](Everywhere& all, Py<PyAny> it) { all.in_class.link = std::move(it); }));
    EXPECT_TRUE(is_found(py, [](Everywhere& all, Py<PyAny> it) { all.in_box.put(std::move(it)); }));
  });
}

TEST(Traverse, what_opts_out_is_not_traversed) {
  Python::with_gil([](Python py) {
    const Py_ssize_t before = type_count<HoldsCache>(py);
    {
      const auto holder = Bound<HoldsCache>::new_(py);
      EXPECT_FALSE(is_tracked(holder));
      holder.borrow_mut()->cache.entries.emplace_back(holder);
      (void)collect(py);
      EXPECT_EQ(count(holder), 2);
      EXPECT_EQ(holder.borrow()->cache.entries.size(), 1U);
      holder.borrow_mut()->cache.entries.clear();
      EXPECT_EQ(count(holder), 1);
    }
    EXPECT_EQ(type_count<HoldsCache>(py), before);
  });
}

}  // namespace
