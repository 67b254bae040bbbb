// SPDX-License-Identifier: MIT
#include "adder/token/gil.hpp"

#include "adder/adder.hpp"
#include "support/refcount.hpp"

#include <gtest/gtest.h>

#include <atomic>
#include <cstdint>
#include <memory>
#include <optional>
#include <stdexcept>
#include <thread>
#include <utility>
#include <vector>

namespace {

using namespace adder;
using test::count;
using test::fresh;

bool attached() { return adder::detail::is_attached(); }

TEST(Gil, with_gil_attaches_for_the_call_and_returns_its_result) {
  EXPECT_FALSE(attached());
  const int result = Python::with_gil([](Python) {
    EXPECT_TRUE(attached());
    return 7;
  });
  EXPECT_EQ(result, 7);
  EXPECT_FALSE(attached());
}

TEST(Gil, with_gil_moves_a_move_only_result_out) {
  const auto result = Python::with_gil([](Python) { return std::make_unique<int>(5); });
  EXPECT_EQ(*result, 5);
}

TEST(Gil, with_gil_lets_exceptions_through_and_detaches) {
  EXPECT_THROW(Python::with_gil([](Python) { throw std::logic_error("x"); }), std::logic_error);
  EXPECT_FALSE(attached());
}

int nest(int depth) {
  return Python::with_gil([depth](Python) { return depth == 0 ? 0 : 1 + nest(depth - 1); });
}
TEST(Gil, with_gil_nests_a_thousand_deep) {
  EXPECT_EQ(nest(1000), 1000);
  EXPECT_FALSE(attached());
}

TEST(Gil, with_gil_attaches_again_where_raw_code_let_go_of_the_gil) {
  Python::with_gil([](Python) {
    PyThreadState* state = PyEval_SaveThread();
    EXPECT_FALSE(attached());
    // A count of its own would say "attached" here.
    Python::with_gil([](Python inner) { EXPECT_EQ(inner.eval("1 + 1").extract<int>(), 2); });
    EXPECT_FALSE(attached());
    PyEval_RestoreThread(state);
    EXPECT_TRUE(attached());
  });
}

TEST(Gil, with_gil_works_between_raw_ensure_and_release) {
  const PyGILState_STATE state = PyGILState_Ensure();
  Python::with_gil([](Python py) { EXPECT_EQ(py.eval("2 + 2").extract<int>(), 4); });
  EXPECT_TRUE(attached());
  PyGILState_Release(state);
  EXPECT_FALSE(attached());
}

TEST(Gil, with_gil_evaluates_and_returns_a_result_or_its_error) {
  const auto result = Python::with_gil([](Python py) -> PyResult<void> {
    const auto five = py.eval("5").try_extract<std::int32_t>();
    if (five.is_err()) return five.error();
    EXPECT_EQ(five.value(), 5);
    return {};
  });
  EXPECT_TRUE(result.is_ok());
  const auto failed =
      Python::with_gil([](Python py) -> PyResult<std::int32_t> { return py.eval("'5'").try_extract<std::int32_t>(); });
  EXPECT_STREQ(failed.error().what(), "TypeError: expected int, got str");
}

TEST(Gil, try_with_gil_says_whether_it_ran) {
  EXPECT_TRUE(Python::try_with_gil([](Python) {}));
  const std::optional<int> result = Python::try_with_gil([](Python) { return 3; });
  EXPECT_EQ(result, 3);
}

TEST(Gil, allow_threads_detaches_for_the_call_and_returns_its_result) {
  Python::with_gil([](Python py) {
    const int twice = py.allow_threads(
        [](int x) {
          EXPECT_FALSE(attached());
          return 2 * x;
        },
        21);
    EXPECT_EQ(twice, 42);
    EXPECT_TRUE(attached());
  });
}

TEST(Gil, allow_threads_hands_arguments_over_by_reference) {
  Python::with_gil([](Python py) {
    std::vector<int> values{1, 2, 3};
    py.allow_threads([](std::vector<int>& v) { v.push_back(4); }, values);
    EXPECT_EQ(values.size(), 4U);
    std::unique_ptr<int> moved =
        py.allow_threads([](std::unique_ptr<int>&& p) { return std::move(p); }, std::make_unique<int>(1));
    EXPECT_EQ(*moved, 1);
  });
}

TEST(Gil, allow_threads_attaches_again_when_the_call_throws) {
  Python::with_gil([](Python py) {
    EXPECT_THROW(py.allow_threads([] { throw std::runtime_error("x"); }), std::runtime_error);
    EXPECT_TRUE(attached());
  });
}

TEST(Gil, allow_threads_lets_other_threads_run_python) {
  Python::with_gil([](Python py) {
    static std::atomic<int> done;
    done = 0;
    std::thread other([] { Python::with_gil([](Python inner) { done = inner.eval("5").extract<int>(); }); });
    py.allow_threads([](std::thread& thread) { thread.join(); }, other);
    EXPECT_EQ(done, 5);
  });
}

TEST(Gil, with_gil_works_inside_allow_threads) {
  Python::with_gil([](Python py) {
    const int result =
        py.allow_threads([] { return Python::with_gil([](Python inner) { return inner.eval("6").extract<int>(); }); });
    EXPECT_EQ(result, 6);
    EXPECT_TRUE(attached());
  });
}

TEST(Gil, allow_threads_unchecked_takes_captures) {
  Python::with_gil([](Python py) {
    int x = 1;
    py.allow_threads_unchecked([&x] { x = attached() ? 0 : 2; });
    EXPECT_EQ(x, 2);
  });
}

TEST(Gil, prepare_freethreaded_python_is_idempotent_attached_or_not) {
  Python::prepare_freethreaded_python();
  Python::with_gil([](Python) { Python::prepare_freethreaded_python(); });
  EXPECT_FALSE(attached());
}

TEST(Gil, deferred_release_happens_at_the_next_attach_in_the_order_of_the_drops) {
  std::vector<Py<PyAny>> handles;
  Py<PyAny> order = Python::with_gil([&](Python py) {
    const auto names = PyDict::new_(py);
    py.run("order = []\nclass Noted:\n  def __init__(self, n): self.n = n\n  def __del__(self): order.append(self.n)",
           names);
    for (int i = 0; i < 1000; ++i) handles.emplace_back(names.get_item("Noted")->call(i).unbind());
    Py<PyAny> list = *names.get_item("order");
    return list;
  });
  std::thread([&] {
    EXPECT_FALSE(attached());
    for (auto& handle : handles) Py<PyAny> dropped = std::move(handle);
  }).join();
  handles.clear();
  Python::with_gil([&](Python py) { EXPECT_TRUE(order.bind(py).eq(py.eval("list(range(1000))"))); });
  Python::with_gil([&](Python py) { std::move(order).drop_ref(py); });
}

TEST(Gil, deferred_release_happens_when_allow_threads_ends) {
  Python::with_gil([](Python py) {
    const Bound<PyAny> object = fresh(py);
    Py<PyAny> extra = object;
    ASSERT_EQ(count(object), 2);
    py.allow_threads([](Py<PyAny>&& handle) { Py<PyAny> dropped = std::move(handle); }, std::move(extra));
    EXPECT_EQ(count(object), 1);
  });
}

TEST(Gil, deferred_release_keeps_a_pending_exception) {
  Python::with_gil([](Python py) {
    Py<PyAny> object = py.eval("type('D', (), {'__del__': lambda self: [][1]})()").unbind();
    PyErr_SetString(PyExc_KeyError, "mine");
    py.allow_threads([](Py<PyAny>&& handle) { Py<PyAny> dropped = std::move(handle); }, std::move(object));
    EXPECT_TRUE(PyErr::fetch(py).is_instance_of<PyKeyError>(py));
  });
}

TEST(Gil, the_names_since_0_26_are_the_same_functions) {
  EXPECT_FALSE(attached());
  Python::initialize();
  EXPECT_FALSE(attached());
  EXPECT_EQ(Python::attach([](Python py) { return py.eval("3").extract<int>(); }), 3);
  EXPECT_EQ(Python::try_attach([](Python) { return 3; }), 3);
  EXPECT_TRUE(Python::try_attach([](Python) {}));
  Python::attach([](Python py) {
    std::vector<int> numbers{1, 2};
    const int sum = py.detach(
        [](std::vector<int>& given) {
          EXPECT_FALSE(attached());
          given.push_back(3);
          return given[0] + given[2];
        },
        numbers);
    EXPECT_EQ(sum, 4);
    EXPECT_EQ(numbers.size(), 3U);
    py.detach_unchecked([&] { EXPECT_FALSE(attached()); });
    EXPECT_EQ(Python::assume_attached().eval("3").extract<int>(), 3);
    EXPECT_EQ(Python::assume_attached_unchecked().eval("3").extract<int>(), 3);
    EXPECT_THROW(py.detach([] { throw std::runtime_error("out"); }), std::runtime_error);
    EXPECT_TRUE(attached());
  });
}

}  // namespace
