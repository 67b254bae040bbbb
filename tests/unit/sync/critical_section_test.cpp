// SPDX-License-Identifier: MIT
// Critical sections.
#include "adder/sync/critical_section.hpp"

#include "adder/adder.hpp"
#include "support/errors.hpp"
#include "support/refcount.hpp"
#include "support/threads.hpp"

#include <gtest/gtest.h>

#include <memory>
#include <stdexcept>
#include <thread>
#include <type_traits>
#include <vector>

namespace {

using namespace adder;
using test::count;
using test::error_of;
using test::fresh;
using test::join;
using test::Watchdog;

// REFERENCE_ROUNDS: 60. With many threads.

TEST(CriticalSection, critical_sections_hand_on_values_references_and_exceptions) {
  Python::with_gil([](Python py) {
    const Bound<PyAny> a = fresh(py), b = fresh(py);
    int number = 3;
    EXPECT_EQ(with_critical_section(a, [] { return 5; }), 5);
    static_assert(std::is_same_v<decltype(with_critical_section(a, [&]() -> int& { return number; })), int&>);
    static_assert(std::is_same_v<decltype(with_critical_section2(a, b, [&]() -> int& { return number; })), int&>);
    static_assert(std::is_void_v<decltype(with_critical_section(a, [] {}))>);
    EXPECT_EQ(&with_critical_section(a, [&]() -> int& { return number; }), &number);
    EXPECT_EQ(&with_critical_section2(a, b, [&]() -> int& { return number; }), &number);
    EXPECT_EQ(*with_critical_section2(a, a, [] { return std::make_unique<int>(4); }), 4);
    EXPECT_EQ(with_critical_section(a, [&] { return with_critical_section2(b, a, [] { return 6; }); }), 6);
    EXPECT_EQ(error_of([&]() -> int {
                return with_critical_section(a, [&]() -> int { throw PyValueError::new_err("no"); });
              }),
              "ValueError: no");
    EXPECT_EQ(error_of([&]() -> int {
                return with_critical_section2(a, b, [&]() -> int { throw std::runtime_error("left"); });
              }),
              "C++: left");
    EXPECT_EQ(count(a), 1);
    EXPECT_EQ(count(b), 1);
  });
}

TEST(CriticalSection, two_lists_swapped_by_many_threads_keep_what_they_hold) {
  const Watchdog watchdog("critical sections on two objects in either order");
  Python::with_gil([](Python py) {
    const Py<PyList> first(py.eval("[1, 2]").downcast<PyList>()), second(py.eval("[3, 4]").downcast<PyList>());
    std::vector<std::thread> threads;
    for (int i = 0; i < 4; ++i) {
      threads.emplace_back([&, i] {
        Python::with_gil([&](Python inner) {
          const auto& a = i % 2 == 0 ? first.bind(inner) : second.bind(inner);
          const auto& b = i % 2 == 0 ? second.bind(inner) : first.bind(inner);
          for (int n = 0; n < 500; ++n) {
            // By hand: where functions of the list lock it once more, CPython 3.13 lets go of both sections for them.
            with_critical_section2(a, b, [&] {
              ::PyObject *held = PyList_GET_ITEM(a.as_ptr(), 0), *other = PyList_GET_ITEM(b.as_ptr(), 0);
              PyList_SET_ITEM(a.as_ptr(), 0, other);
              PyList_SET_ITEM(b.as_ptr(), 0, held);
            });
          }
        });
      });
    }
    join(py, threads);
    EXPECT_EQ(first.bind(py).get_item(0).extract<int>() + second.bind(py).get_item(0).extract<int>(), 4);
    EXPECT_EQ(first.bind(py).get_item(1).extract<int>(), 2);
  });
}

}  // namespace
