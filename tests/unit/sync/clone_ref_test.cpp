// SPDX-License-Identifier: MIT
// Copies of what holds handles.
#include "adder/sync/clone_ref.hpp"

#include "adder/adder.hpp"
#include "adder/sync/gil_once_cell.hpp"
#include "support/refcount.hpp"

#include <gtest/gtest.h>

#include <array>
#include <map>
#include <optional>
#include <string>
#include <tuple>
#include <type_traits>
#include <utility>
#include <vector>

namespace {

using namespace adder;
using test::count;
using test::fresh;

struct Inner {
  std::string name;
  std::optional<Py<PyAny>> object;
};
struct Everything {
  Py<PyAny> handle;
  GILOnceCell<Py<PyAny>> full, empty;
  int number;
  std::string text;
  std::optional<Py<PyAny>> perhaps, none;
  std::vector<Py<PyAny>> list;
  std::map<std::string, Py<PyAny>> map;
  std::pair<int, Py<PyAny>> pair;
  std::tuple<Py<PyAny>, double, Py<PyAny>> tuple;
  Inner inner;
  std::vector<std::optional<Inner>> deep;
};
static_assert(!std::is_copy_constructible_v<Everything> && !std::is_copy_assignable_v<Everything>);

/// A value with eleven references to @p object. The cells in it can be copied no other way than this.
Everything everything(Python py, const Bound<PyAny>& object) {
  const auto one = [&] { return Py<PyAny>(object); };
  GILOnceCell<Py<PyAny>> full;
  (void)full.set(py, one());
  std::vector<Py<PyAny>> list;
  list.push_back(one());
  list.push_back(one());
  std::map<std::string, Py<PyAny>> map;
  map.emplace("key", one());
  std::vector<std::optional<Inner>> deep(2);
  deep[1] = Inner{"deep", one()};
  return {one(),
          full.clone_ref(py),
          {},
          7,
          "text",
          one(),
          {},
          std::move(list),
          std::move(map),
          {8, one()},
          {one(), 0.5, one()},
          {"inner", one()},
          std::move(deep)};
}

// REFERENCE_ROUNDS: 60

TEST(CloneRef, clone_ref_copies_everything_with_one_more_reference_each) {
  Python::with_gil([](Python py) {
    const Bound<PyAny> object = fresh(py);
    {
      const Everything original = everything(py, object);
      ASSERT_EQ(count(object), 12);
      {
        Everything copy = clone_ref(py, original);
        EXPECT_EQ(count(object), 23);
        EXPECT_TRUE(copy.handle.is(original.handle));
        EXPECT_TRUE(copy.full.get(py)->bind(py).is(object));
        EXPECT_NE(copy.full.get(py), original.full.get(py));
        EXPECT_EQ(copy.empty.get(py), nullptr);
        EXPECT_EQ(copy.number, 7);
        EXPECT_EQ(copy.text, "text");
        EXPECT_TRUE(copy.perhaps->bind(py).is(object));
        EXPECT_FALSE(copy.none);
        ASSERT_EQ(copy.list.size(), 2U);
        EXPECT_TRUE(copy.list[1].bind(py).is(object));
        ASSERT_EQ(copy.map.size(), 1U);
        EXPECT_TRUE(copy.map.at("key").bind(py).is(object));
        EXPECT_EQ(copy.pair.first, 8);
        EXPECT_TRUE(copy.pair.second.bind(py).is(object));
        EXPECT_EQ(std::get<1>(copy.tuple), 0.5);
        EXPECT_TRUE(std::get<2>(copy.tuple).bind(py).is(object));
        EXPECT_EQ(copy.inner.name, "inner");
        ASSERT_EQ(copy.deep.size(), 2U);
        EXPECT_FALSE(copy.deep[0]);
        EXPECT_EQ(copy.deep[1]->name, "deep");
        EXPECT_TRUE(copy.deep[1]->object->bind(py).is(object));
        EXPECT_TRUE(copy.inner.object->bind(py).is(object));
        // What becomes of the copy is nothing to the original.
        copy.list.clear();
        copy.map.clear();
        copy.text += "!";
        EXPECT_TRUE(copy.full.take());
        EXPECT_TRUE(copy.empty.set(py, Py<PyAny>(fresh(py))));
      }
      EXPECT_EQ(count(object), 12);
      EXPECT_EQ(original.text, "text");
      EXPECT_EQ(original.list.size(), 2U);
      EXPECT_TRUE(original.full.get(py)->bind(py).is(object));
      EXPECT_EQ(original.empty.get(py), nullptr);
    }
    EXPECT_EQ(count(object), 1);
  });
}

TEST(CloneRef, clone_ref_copies_parts_by_themselves_too) {
  Python::with_gil([](Python py) {
    const Bound<PyAny> object = fresh(py);
    const Py<PyAny> handle(object);
    EXPECT_TRUE(clone_ref(py, handle).is(handle));
    EXPECT_EQ(clone_ref(py, 5), 5);
    EXPECT_EQ(clone_ref(py, std::string("s")), "s");
    EXPECT_EQ(clone_ref(py, std::vector<std::string>{"a", "b"}).size(), 2U);
    EXPECT_FALSE(clone_ref(py, std::optional<Py<PyAny>>()));
    EXPECT_TRUE(clone_ref(py, std::vector<Py<PyAny>>()).empty());
    std::vector<std::vector<Py<PyAny>>> nested(2);
    nested[1].push_back(Py<PyAny>(object));
    EXPECT_EQ(clone_ref(py, nested)[1].size(), 1U);
    // Present, and empty inside.
    const std::optional<std::optional<Py<PyAny>>> hollow{std::optional<Py<PyAny>>()};
    EXPECT_TRUE(clone_ref(py, hollow));
    EXPECT_FALSE(*clone_ref(py, hollow));
    std::multimap<int, Py<PyAny>> twice;
    twice.emplace(1, Py<PyAny>(object));
    twice.emplace(1, Py<PyAny>(object));
    EXPECT_EQ(clone_ref(py, twice).size(), 2U);
    const std::array<Py<PyAny>, 2> array{Py<PyAny>(object), Py<PyAny>(object)};
    EXPECT_TRUE(clone_ref(py, array)[1].is(handle));
    const std::tuple<std::tuple<Py<PyAny>>> wrapped{std::tuple<Py<PyAny>>(Py<PyAny>(object))};
    EXPECT_TRUE(std::get<0>(std::get<0>(clone_ref(py, wrapped))).is(handle));
    EXPECT_EQ(count(object), 8);
  });
}

}  // namespace
