// SPDX-License-Identifier: MIT
// stl/: containers as lists, sets and dicts. Each conversion is tested from Python's side in python/test_stl.py.
#include "adder/adder.hpp"
#include "adder/stl/array.hpp"
#include "adder/stl/deque.hpp"
#include "adder/stl/list.hpp"
#include "adder/stl/map.hpp"
#include "adder/stl/set.hpp"
#include "adder/stl/span.hpp"
#include "adder/stl/string.hpp"
#include "adder/stl/unordered_map.hpp"
#include "adder/stl/unordered_set.hpp"
#include "adder/stl/vector.hpp"
#include "support/errors.hpp"
#include "support/refcount.hpp"

#include <gtest/gtest.h>

#include <array>
#include <cstddef>
#include <deque>
#include <functional>
#include <list>
#include <map>
#include <set>
#include <span>
#include <string>
#include <unordered_map>
#include <unordered_set>
#include <utility>
#include <vector>

namespace {

using namespace adder;
using test::count;
using test::error_of;
using test::fresh;

/// It comes back as it was.
template <class T>
void round_trip(Python py, const T& value, const char* shown) {
  const auto object = into_py(py, value).value();
  EXPECT_EQ(object.repr().to_string(), shown);
  EXPECT_EQ(object.template extract<T>(), value);
}

TEST(StlContainers, sequences_sets_and_maps_come_back_as_they_were) {
  Python::with_gil([](Python py) {
    round_trip(py, std::vector<int>{1, 2}, "[1, 2]");
    round_trip(py, std::vector<bool>{true, false}, "[True, False]");
    round_trip(py, std::deque<std::string>{"a", "b"}, "['a', 'b']");
    round_trip(py, std::list<double>{0.5}, "[0.5]");
    round_trip(py, std::array<int, 3>{1, 2, 3}, "[1, 2, 3]");
    round_trip(py, std::set<int>{2, 1}, "{1, 2}");
    round_trip(py, std::unordered_set<int>{1}, "{1}");
    round_trip(py, std::map<std::string, int>{{"a", 1}, {"b", 2}}, "{'a': 1, 'b': 2}");
    round_trip(py, std::unordered_map<int, std::vector<int>>{{1, {2}}}, "{1: [2]}");
    round_trip(py, std::vector<int>{}, "[]");
    round_trip(py, std::map<int, int>{}, "{}");
    const auto bytes = PyBytes::new_(py, "abc");
    const auto view = bytes.extract<std::span<const std::byte>>();
    EXPECT_EQ(static_cast<const void*>(view.data()), bytes.as_string_view().data());
    EXPECT_EQ(into_py(py, view.subspan(1)).value().repr().to_string(), "b'bc'");
  });
}

TEST(StlContainers, what_is_hashed_becomes_tuples_and_frozensets) {
  Python::with_gil([](Python py) {
    round_trip(py, std::map<std::vector<int>, std::vector<int>>{{{1, 2}, {3}}}, "{(1, 2): [3]}");
    round_trip(py, std::set<std::set<std::vector<int>>>{{{1}}}, "{frozenset({(1,)})}");
    const auto dict = PyDict::new_(py);
    dict.set_item(std::vector<int>{1}, std::vector<int>{2});
    EXPECT_EQ(dict.repr().to_string(), "{(1,): [2]}");
    EXPECT_TRUE(dict.contains(std::array<int, 1>{1}));
  });
}

/// Handles by where their objects are, sets of them by their sizes.
struct Order {
  bool operator()(const Py<PyAny>& a, const Py<PyAny>& b) const { return std::less<>()(a.as_ptr(), b.as_ptr()); }
  template <class Set>
  bool operator()(const Set& a, const Set& b) const {
    return a.size() < b.size();
  }
};

TEST(StlContainers, a_frozenset_that_is_being_made_is_found_by_nobody) {
  Python::with_gil([](Python py) {
    const auto names = PyDict::new_(py);
    py.run(R"(
      import gc
      class Curious:
          found = []
          def __hash__(self):
              self.found += [o for o in gc.get_objects() if type(o) is frozenset and any(type(i) is Curious for i in o)]
              return 1
    )",
           names);
    const auto curious = names.as_any().get_item("Curious");
    std::set<Py<PyAny>, Order> key;
    for (int i = 0; i < 3; ++i) key.insert(curious.call().unbind());
    std::set<decltype(key), Order> keys;
    keys.insert(std::move(key));
    EXPECT_EQ(into_py(py, keys).value().len(), 1u);
    EXPECT_EQ(curious.getattr("found"_s).len(), 0u);
  });
}

TEST(StlContainers, other_sequences_are_gone_over_as_python_does) {
  Python::with_gil([](Python py) {
    const auto object = fresh(py);
    const Py_ssize_t before = count(object);
    {
      const auto deque = py.import("collections").call_method("deque"_s, PyList::new_(py, object, object));
      EXPECT_EQ((deque.extract<std::vector<Py<PyAny>>>().size()), 2U);
      EXPECT_EQ((error_of([&] { return deque.extract<std::array<Py<PyAny>, 1>>(); })),
                "ValueError: expected 1 item, got 2");
      EXPECT_EQ(error_of([&] { return deque.extract<std::vector<int>>(); }).substr(0, 24), "TypeError: [0]: expected");
    }
    EXPECT_EQ(count(object), before);
  });
}

TEST(StlContainers, an_error_names_the_path_to_what_does_not_fit) {
  Python::with_gil([](Python py) {
    EXPECT_EQ(error_of([&] { return py.eval("[[1], [2, 'x']]").extract<std::vector<std::vector<int>>>(); }),
              "TypeError: [1][1]: expected int, got str");
    EXPECT_EQ(error_of([&] { return py.eval("{'a': [1.5]}").extract<std::map<std::string, std::vector<int>>>(); }),
              "TypeError: ['a'][0]: expected int, got float");
    EXPECT_EQ(error_of([&] { return py.eval("[1, 2]").extract<std::array<int, 3>>(); }).substr(0, 10), "ValueError");
    EXPECT_EQ(error_of([&] { return py.eval("5").extract<std::vector<int>>(); }).substr(0, 9), "TypeError");
    // A str is a sequence, and yet hardly ever meant as one.
    EXPECT_EQ(error_of([&] { return py.eval("'ab'").extract<std::vector<std::string>>(); }).substr(0, 9), "TypeError");
  });
}

TEST(StlContainers, a_failing_item_gives_back_those_before_it) {
  Python::with_gil([](Python py) {
    const auto object = fresh(py);
    const auto list = PyList::new_(py, object, object, 1);
    const Py_ssize_t before = count(object);
    EXPECT_EQ(error_of([&] { return list.extract<std::vector<Bound<PyString>>>(); }).substr(0, 14), "TypeError: [0]");
    {
      const auto handles = list.extract<std::vector<Py<PyAny>>>();
      EXPECT_EQ(count(object), before + 2);
    }
    EXPECT_EQ(count(object), before);
    const std::vector<std::string> texts{"fine", "\xff"};
    const auto bad = into_py(py, texts);
    ASSERT_TRUE(bad.is_err());
    EXPECT_EQ(std::string(bad.error().what()).substr(0, 18), "UnicodeDecodeError");
  });
}

}  // namespace
