// SPDX-License-Identifier: MIT
// Containers whose items are C++ values.
#include "adder/types/typed.hpp"

#include "adder/adder.hpp"
#include "adder/stl/string.hpp"
#include "adder/stl/vector.hpp"
#include "support/errors.hpp"
#include "support/objects.hpp"
#include "support/refcount.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <iterator>
#include <random>
#include <ranges>
#include <string>
#include <type_traits>
#include <vector>

namespace {

using namespace adder;
using test::error_of;
using test::shown;

/// clang 14 does not get along with what the version of libstdc++ 12 in std::ranges returns.
template <class Range>
void rotate(Range& range, std::ptrdiff_t by) {
#if defined(__clang__) && __clang_major__ < 16
  (void)std::rotate(range.begin(), range.begin() + by, range.end());
#else
  (void)std::ranges::rotate(range, range.begin() + by);
#endif
}

TEST(Typed, a_typed_list_is_sorted_and_gone_through_until_an_item_is_of_another_type) {
  Python::with_gil([](Python py) {
    const auto list = PyList::new_(py, 5, 3, 4);
    auto view = list.as<std::int64_t>();
    static_assert(std::ranges::random_access_range<decltype(view)> && std::ranges::view<decltype(view)>);
    std::ranges::sort(view);
    EXPECT_EQ(shown(list), "[3, 4, 5]");
    std::ranges::reverse(view);
    EXPECT_EQ(shown(list), "[5, 4, 3]");
    view[0] = view[1];
    EXPECT_EQ(shown(list), "[4, 4, 3]");
    EXPECT_EQ(std::ranges::count(view, 4), 2);
    list.set_item(2, "x");
    std::int64_t sum = 0;
    EXPECT_EQ(error_of([&] {
                for (const std::int64_t item : list.as<std::int64_t>()) sum += item;
              }),
              "TypeError: [2]: expected int, got str");
    EXPECT_EQ(sum, 8);
    EXPECT_EQ(error_of([&] {
                for (const std::int64_t item : list.as<std::int64_t>()) {
                  sum += item;
                  list.clear();
                }
              }),
              "IndexError: list index out of range");
    const auto words = PyList::new_(py, "b", "a");
    std::ranges::sort(words.as<std::string>());
    EXPECT_EQ(shown(words), "['a', 'b']");
    sum = 0;
    for (const int item : PySet::new_(py, 1, 2, 3).as<int>()) sum += item;
    EXPECT_EQ(sum, 6);
  });
}

TEST(Typed, algorithms_on_a_typed_list_do_what_they_do_on_a_vector) {
  Python::with_gil([](Python py) {
    std::mt19937 random(7);
    for (int round = 0; round < 50; ++round) {
      std::vector<long> numbers(static_cast<std::size_t>(random() % 9 + 1));
      for (long& number : numbers) number = static_cast<long>(random() % 5);
      const auto list = PyList::from_range(py, numbers);
      auto view = list.as<long>();
      const auto middle = static_cast<std::ptrdiff_t>(random() % numbers.size());
      const auto same = [&](const char* what) { EXPECT_EQ(list.extract<std::vector<long>>(), numbers) << what; };
      rotate(view, middle);
      rotate(numbers, middle);
      same("rotate");
      std::ranges::stable_sort(view, std::ranges::greater());
      std::ranges::stable_sort(numbers, std::ranges::greater());
      same("stable_sort");
      std::ranges::reverse(view);
      std::ranges::reverse(numbers);
      same("reverse");
      (void)std::partition(view.begin(), view.end(), [](long n) { return n % 2 == 0; });
      (void)std::partition(numbers.begin(), numbers.end(), [](long n) { return n % 2 == 0; });
      same("partition");
      std::ranges::nth_element(view, view.begin() + middle);
      EXPECT_EQ(view[middle], *std::ranges::next(view.begin(), middle));
    }
  });
}

TEST(Typed, items_of_a_temporary_view_are_values) {
  Python::with_gil([](Python py) {
    const auto first = py.eval("[1, 2, 3]").downcast<PyList>().as<long>().front();
    const auto second = py.eval("[1, 2, 3]").downcast<PyList>().as<long>()[1];
    static_assert(std::is_same_v<decltype(first), const long>);
    EXPECT_EQ(first + second, 3);
  });
}

}  // namespace
