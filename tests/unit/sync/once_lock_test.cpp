// SPDX-License-Identifier: MIT
// PyOnceLock: one initialiser at a time, and one value.
#include "adder/sync/once_lock.hpp"

#include "adder/adder.hpp"
#include "support/errors.hpp"
#include "support/refcount.hpp"
#include "support/threads.hpp"

#include <gtest/gtest.h>

#include <atomic>
#include <barrier>
#include <chrono>
#include <expected>
#include <memory>
#include <optional>
#include <string>
#include <thread>
#include <type_traits>
#include <utility>
#include <vector>

namespace {

using namespace adder;
using test::await;
using test::await_detached;
using test::count;
using test::error_of;
using test::fresh;
using test::sleep_in_python;
using test::Watchdog;

using namespace std::chrono_literals;

constinit PyOnceLock<Py<PyList>> shared_list;
int alive = 0;
struct Noted {
  Noted() { ++alive; }
  Noted(Noted&&) noexcept { ++alive; }
  ~Noted() { --alive; }
};

// REFERENCE_ROUNDS: 60. With threads that wait for each other.

TEST(OnceLock, a_once_lock_runs_one_initialiser_however_many_threads_ask) {
  const Watchdog watchdog("eight threads that ask an empty PyOnceLock");
  PyOnceLock<Py<PyAny>> lock;
  std::atomic<int> runs = 0, asking = 0, ticks = 0;
  std::atomic<bool> running = false, all_there = false;
  const Py<PyAny>* seen[8] = {};
  std::vector<std::thread> threads;
  for (auto& mine : seen) {
    threads.emplace_back([&] {
      Python::with_gil([&](Python py) {
        if (++asking == 8) all_there = true;
        mine = &lock.get_or_init(py, [&] {
          ++runs;
          running = true;
          await_detached(py, all_there);
          sleep_in_python(py, 0.05);
          running = false;
          return fresh(py).unbind();
        });
        EXPECT_FALSE(running);
      });
    });
  }
  await(running);
  while (running) {  // The interpreter is free for others.
    Python::with_gil([&](Python py) { ticks += running ? py.eval("1").extract<int>() : 0; });
    std::this_thread::sleep_for(1ms);
  }
  for (auto& thread : threads) thread.join();
  EXPECT_EQ(runs, 1);
  EXPECT_GT(ticks, 0);
  for (const auto* value : seen) EXPECT_EQ(value, seen[0]);
  Python::with_gil([&](Python py) {
    EXPECT_EQ(lock.get(py), seen[0]);
    EXPECT_EQ(count(*seen[0]), 1);
  });
}

TEST(OnceLock, who_waits_for_a_once_lock_tries_with_their_own_where_the_first_fails) {
  const Watchdog watchdog("a PyOnceLock whose first initialisers fail");
  PyOnceLock<int> lock;
  std::atomic<int> runs = 0, failed = 0;
  std::barrier start(8);
  std::vector<std::thread> threads;
  for (int i = 0; i < 8; ++i) {
    threads.emplace_back([&] {
      start.arrive_and_wait();
      Python::with_gil([&](Python py) {
        try {
          EXPECT_EQ(lock.get_or_init(py,
                                     [&] {
                                       const int run = ++runs;
                                       sleep_in_python(py, 0.005);
                                       if (run < 4) throw PyValueError::new_err("not yet");
                                       return run;
                                     }),
                    4);
        } catch (const PyErr&) {
          ++failed;
        }
      });
    });
  }
  for (auto& thread : threads) thread.join();
  EXPECT_EQ(runs, 4);
  EXPECT_EQ(failed, 3);
}

TEST(OnceLock, a_once_lock_stays_empty_when_the_initialiser_fails) {
  Python::with_gil([](Python py) {
    PyOnceLock<Py<PyAny>> lock;
    EXPECT_EQ(error_of([&] { return lock.get_or_init(py, [&] { return py.eval("1 / 0").unbind(); }).as_ptr(); }),
              "ZeroDivisionError: division by zero");
    EXPECT_EQ(lock.get(py), nullptr);
    const auto error = lock.get_or_try_init(py, []() -> PyResult<Py<PyAny>> { return PyValueError::new_err("no"); });
    ASSERT_TRUE(error.is_err());
    EXPECT_STREQ(error.error().what(), "ValueError: no");
    EXPECT_EQ(lock.get(py), nullptr);
    EXPECT_EQ(lock.get_mut(), nullptr);
    const auto made = lock.get_or_try_init(py, [&]() -> PyResult<Py<PyAny>> { return fresh(py).unbind(); });
    ASSERT_TRUE(made.is_ok());
    EXPECT_EQ(*made, lock.get(py));
    const auto kept = lock.get_or_try_init(py, []() -> PyResult<Py<PyAny>> { return PyValueError::new_err("no"); });
    EXPECT_EQ(*kept, *made);
    EXPECT_EQ(&lock.get_or_init(py, [&] { return fresh(py).unbind(); }), *made);
    EXPECT_EQ(count(**made), 1);
  });
}

TEST(OnceLock, an_initialiser_that_asks_its_own_once_lock_is_refused) {
  const Watchdog watchdog("a PyOnceLock that asks itself");
  constexpr auto text = "RuntimeError: the initialiser of a PyOnceLock has asked the same lock for its value";
  Python::with_gil([&](Python py) {
    PyOnceLock<int> lock, other;
    const auto one = [] { return 1; };
    EXPECT_EQ(error_of([&] { return lock.get_or_init(py, [&] { return lock.get_or_init(py, one); }); }), text);
    EXPECT_EQ(lock.get(py), nullptr);
    EXPECT_EQ(error_of([&] {
                return lock.get_or_init(py, [&] {
                  (void)lock.set(py, 5);
                  return 1;
                });
              }),
              text);
    EXPECT_EQ(error_of([&] {
                return lock.get_or_init(
                    py, [&] { return other.get_or_init(py, [&] { return lock.get_or_init(py, one); }); });
              }),
              text);
    EXPECT_EQ(other.get(py), nullptr);
    // To look is allowed, and so is to ask another one.
    EXPECT_EQ(lock.get_or_init(py, [&] { return lock.get(py) == nullptr ? other.get_or_init(py, one) + 1 : 0; }), 2);
    EXPECT_EQ(lock.get_or_init(py, one), 2);
  });
}

TEST(OnceLock, set_writes_a_once_lock_once_and_leaves_a_refused_value_alone) {
  Python::with_gil([](Python py) {
    PyOnceLock<Py<PyAny>> lock;
    Py<PyAny> first = fresh(py).unbind(), second = fresh(py).unbind();
    ::PyObject *one = first.as_ptr(), *two = second.as_ptr();
    EXPECT_TRUE(lock.set(py, std::move(first)));
    EXPECT_FALSE(lock.set(py, std::move(second)));
    EXPECT_EQ(lock.get(py)->as_ptr(), one);
    EXPECT_EQ(second.as_ptr(), two);  // NOLINT(bugprone-use-after-move): it was not taken
    EXPECT_EQ(count(second), 1);
  });
}

TEST(OnceLock, take_empties_a_once_lock_and_it_can_be_filled_again) {
  Python::with_gil([](Python py) {
    const Bound<PyAny> object = fresh(py);
    PyOnceLock<Py<PyAny>> lock;
    EXPECT_FALSE(lock.take());
    (void)lock.set(py, Py<PyAny>(object));
    EXPECT_TRUE(lock.get_mut()->bind(py).is(object));
    EXPECT_TRUE(lock.take()->bind(py).is(object));
    EXPECT_EQ(lock.get(py), nullptr);
    EXPECT_EQ(count(object), 1);
    EXPECT_TRUE(lock.set(py, Py<PyAny>(object)));
    EXPECT_TRUE(std::move(lock).into_inner()->bind(py).is(object));
    EXPECT_EQ(count(object), 1);
    {
      PyOnceLock<Py<PyAny>> full;
      (void)full.set(py, Py<PyAny>(object));
      EXPECT_EQ(count(object), 2);
    }
    EXPECT_EQ(count(object), 1);
    PyOnceLock<std::unique_ptr<int>> only_moved;
    EXPECT_EQ(*only_moved.get_or_init(py, [] { return std::make_unique<int>(3); }), 3);
  });
}

TEST(OnceLock, a_once_lock_can_be_a_static) {
  Python::with_gil([](Python py) {
    const auto list = [&]() -> const Bound<PyList>& {
      return shared_list.get_or_init(py, [&] { return PyList::empty(py).unbind(); }).bind(py);
    };
    list().append(1);
    EXPECT_EQ(list().len(), 1U);
    EXPECT_EQ(&list(), &list());
    (void)shared_list.take();
    EXPECT_EQ(list().len(), 0U);
  });
}

TEST(OnceLock, a_once_lock_destroys_exactly_what_it_holds) {
  Python::with_gil([](Python py) {
    alive = 0;
    { const PyOnceLock<Noted> empty; }
    EXPECT_EQ(alive, 0);
    {
      PyOnceLock<Noted> lock;
      EXPECT_TRUE(lock.set(py, Noted()));
      EXPECT_FALSE(lock.set(py, Noted()));
      EXPECT_EQ(alive, 1);
      {
        const auto taken = lock.take();
        EXPECT_EQ(alive, 1);
      }
      EXPECT_EQ(alive, 0);
      (void)lock.get_or_init(py, [] { return Noted(); });
      EXPECT_EQ(alive, 1);
    }
    EXPECT_EQ(alive, 0);
  });
}

/// As std::expected.
template <class E>
struct Unexpected {
  E error;
};
template <class T, class E>
class Expected {
 public:
  using unexpected_type = Unexpected<E>;
  Expected(T value) : value_(std::move(value)) {}                        // NOLINT(google-explicit-constructor)
  Expected(Unexpected<E> failure) : error_(std::move(failure.error)) {}  // NOLINT(google-explicit-constructor)
  bool has_value() const { return value_.has_value(); }
  explicit operator bool() const { return has_value(); }
  T&& operator*() && { return *std::move(value_); }
  const T& operator*() const& { return *value_; }
  E&& error() && { return std::move(error_); }
  const E& error() const& { return error_; }

 private:
  std::optional<T> value_;
  E error_{};
};
enum class Failure { none, not_today };

TEST(OnceLock, an_initialiser_may_fail_with_an_error_of_its_own) {
  Python::with_gil([](Python py) {
    PyOnceLock<std::string> cell;
    const auto failed = cell.get_or_try_init(
        py, []() -> Expected<std::string, Failure> { return Unexpected<Failure>{Failure::not_today}; });
    static_assert(std::is_same_v<decltype(failed), const Expected<const std::string*, Failure>>);
    ASSERT_FALSE(failed.has_value());
    EXPECT_EQ(failed.error(), Failure::not_today);
    EXPECT_EQ(cell.get(py), nullptr);
    const auto made = cell.get_or_try_init(py, []() -> Expected<std::string, Failure> { return std::string("made"); });
    ASSERT_TRUE(made.has_value());
    EXPECT_EQ(**made, "made");
    EXPECT_EQ(*made, cell.get(py));
    const auto again =
        cell.get_or_try_init(py, []() -> Expected<std::string, Failure> { return std::string("other"); });
    EXPECT_EQ(*again, cell.get(py));
#if defined(__cpp_lib_expected)
    const std::expected<const std::string*, Failure> standard =
        cell.get_or_try_init(py, []() -> std::expected<std::string, Failure> { return std::string("other"); });
    EXPECT_EQ(*standard, cell.get(py));
#endif
  });
}

}  // namespace
