// SPDX-License-Identifier: MIT
// PyMutex: a value behind a lock that gets on with the GIL.
#include "adder/sync/py_mutex.hpp"

#include "adder/adder.hpp"
#include "support/errors.hpp"
#include "support/refcount.hpp"
#include "support/threads.hpp"

#include <gtest/gtest.h>

#include <atomic>
#include <chrono>
#include <memory>
#include <stdexcept>
#include <string>
#include <thread>
#include <type_traits>
#include <utility>
#include <vector>

namespace {

using namespace adder;
using test::count;
using test::error_of;
using test::fresh;
using test::sleep_in_python;
using test::survives_inversion;
using test::Watchdog;

using namespace std::chrono_literals;

template <class M>
concept GivesItsValueAway = requires(M& m) { m.value_; } || requires(M& m) { *m; } || requires(M& m) { m.get(); };
static_assert(!GivesItsValueAway<adder::PyMutex<int>>);
static_assert(std::is_same_v<Mutex<int>, adder::PyMutex<int>>);  // `PyMutex` alone is ambiguous from 3.13 on.
static_assert(!std::is_copy_constructible_v<adder::PyMutex<int>> && !std::is_move_constructible_v<adder::PyMutex<int>>);
static_assert(!std::is_copy_constructible_v<PyMutexGuard<int>> && !std::is_move_constructible_v<PyMutexGuard<int>>);
static_assert(!std::is_constructible_v<adder::PyMutex<int>, std::string>);

constexpr const char* poisoned_text =
    "RuntimeError: the mutex is poisoned: an exception left a scope in which it was locked";

// REFERENCE_ROUNDS: 60. With threads that wait for each other.

TEST(PyMutex, a_py_mutex_loses_no_increment) {
  const Watchdog watchdog("a PyMutex that eight threads want");
  adder::PyMutex<long> total(0L);
  std::vector<std::thread> threads;
  for (int i = 0; i < 8; ++i) {
    threads.emplace_back([&] {
      Python::with_gil([&](Python py) {
        for (int n = 0; n < 20000; ++n) {
          const auto guard = total.lock(py);
          *guard += 1;
          if (n % 4000 == 0) sleep_in_python(py, 0);
        }
      });
    });
  }
  for (auto& thread : threads) thread.join();
  EXPECT_EQ(std::move(total).into_inner(), 160000);
}

TEST(PyMutex, a_py_mutex_does_not_deadlock_with_a_holder_who_needs_the_gil) {
  const Watchdog watchdog("the owner of a PyMutex for the GIL");
  adder::PyMutex<int> mutex(0);
  const auto take = [&](Python py, auto use) {
    const auto guard = mutex.lock(py);
    use(py);
    ++*guard;
  };
  EXPECT_TRUE(survives_inversion(take, [] { std::this_thread::sleep_for(20ms); }));
  EXPECT_EQ(mutex.get_mut(), 2);
}

TEST(PyMutex, an_exception_poisons_a_py_mutex_until_that_is_cleared) {
  const Watchdog watchdog("a poisoned PyMutex");
  Python::with_gil([](Python py) {
    adder::PyMutex<std::vector<int>> mutex;
    const auto lock = [&] { return mutex.lock(py)->size(); };
    mutex.lock(py)->push_back(1);
    EXPECT_FALSE(mutex.is_poisoned());
    EXPECT_EQ(error_of([&]() -> int {
                const auto guard = mutex.lock(py);
                guard->push_back(2);
                throw std::runtime_error("in between");
              }),
              "C++: in between");
    EXPECT_TRUE(mutex.is_poisoned());
    for (int i = 0; i < 3; ++i) EXPECT_EQ(error_of(lock), poisoned_text);  // Refusing does not leave it locked.
    EXPECT_TRUE(mutex.is_poisoned());
    mutex.clear_poison();
    EXPECT_FALSE(mutex.is_poisoned());
    EXPECT_EQ(lock(), 2U);
    EXPECT_EQ(error_of([&]() -> int {
                const auto guard = mutex.lock(py);
                return py.eval("[][0]").extract<int>();
              }),
              "IndexError: list index out of range");
    EXPECT_EQ(error_of(lock), poisoned_text);
    EXPECT_EQ(mutex.get_mut().size(), 2U);
    EXPECT_EQ(std::move(mutex).into_inner(), (std::vector<int>{1, 2}));
  });
}

TEST(PyMutex, a_py_mutex_knows_its_own_thread) {
  const Watchdog watchdog("a PyMutex that its holder wants again");
  adder::PyMutex<int> mutex(1);
  Python::with_gil([&](Python py) {
    const auto guard = mutex.lock(py);
    EXPECT_EQ(error_of([&] { return *mutex.lock(py).operator->(); }),
              "RuntimeError: the mutex is locked by this very thread: it would wait for itself");
    EXPECT_EQ(*guard, 1);
    EXPECT_FALSE(mutex.is_poisoned());
  });
  {
    const auto guard = mutex.lock_detached();
    *guard = 2;
    EXPECT_THROW((void)mutex.lock_detached(), PyErr);
  }
  Python::with_gil([&](Python py) { EXPECT_EQ(*mutex.lock(py).operator->(), 2); });
}

TEST(PyMutex, the_collector_passes_over_what_a_detached_thread_has_locked) {
  const Watchdog watchdog("a PyMutex that the garbage collector meets");
  using Mutex = adder::PyMutex<std::vector<Py<PyAny>>>;
  Mutex mutex;
  int seen = 0;
  const auto visit = [](::PyObject*, void* count) { return ++*static_cast<int*>(count), 0; };
  const auto show = [&] { (void)adder::detail::VisitAccess::visit_value(mutex, visit, &seen); };
  Python::with_gil([&](Python py) { mutex.lock(py)->push_back(py.None().into_any().unbind()); });
  std::atomic<int> step = 0;
  std::thread other([&] {
    const auto guard = mutex.lock_detached();
    step = 1;
    while (step != 2) std::this_thread::yield();
  });
  while (step != 1) std::this_thread::yield();
  Python::with_gil([&](Python py) {
    show();
    EXPECT_EQ(seen, 0);
    step = 2;
    py.allow_threads_unchecked([&] { other.join(); });
    show();
    EXPECT_EQ(seen, 1);
    const auto guard = mutex.lock(py);
    show();
    EXPECT_EQ(seen, 1);
  });
}

// Without a GIL only a collection itself stops the other threads: tests/hostile/collector_passes.cpp.
#if !defined(Py_GIL_DISABLED)
TEST(PyMutex, what_a_visit_saw_is_not_hidden_from_the_next_one) {
  const Watchdog watchdog("detached threads that lock a PyMutex between two visits of the garbage collector");
  adder::PyMutex<std::vector<Py<PyAny>>> mutex;
  Python::with_gil([&](Python py) { mutex.lock(py)->push_back(py.None().into_any().unbind()); });
  std::atomic<bool> stop = false;
  std::atomic<int> hidden = 0;
  std::thread detached([&] {
    while (!stop) (void)mutex.lock_detached();
  });
  // One that is attached waits detached, and has the mutex for a moment then.
  std::thread attached([&] {
    while (!stop) Python::with_gil([&](Python py) { (void)mutex.lock(py); });
  });
  const auto visit = [](::PyObject*, void* count) { return ++*static_cast<int*>(count), 0; };
  for (int round = 0; round < 10000; ++round) {
    Python::with_gil([&](Python) {  // As a collection, the other threads of Python stand still.
      int first = 0;
      (void)adder::detail::VisitAccess::visit_value(mutex, visit, &first);
      for (int again = 0; again < 100; ++again) {
        int second = 0;
        (void)adder::detail::VisitAccess::visit_value(mutex, visit, &second);
        if (second < first) ++hidden;
      }
    });
  }
  stop = true;
  detached.join();
  attached.join();
  EXPECT_EQ(hidden, 0);
}
#endif

TEST(PyMutex, a_py_mutex_is_poisoned_only_by_what_leaves_its_scope) {
  Python::with_gil([](Python py) {
    adder::PyMutex<int> mutex(1);
    {
      const auto guard = mutex.lock(py);
      EXPECT_EQ(error_of([&] { return py.eval("1 / 0"); }), "ZeroDivisionError: division by zero");
    }
    EXPECT_FALSE(mutex.is_poisoned());
    // Locked by a destructor while an exception passes it: nothing leaves that scope.
    struct Adds {
      Python py;
      adder::PyMutex<int>& mutex;
      ~Adds() {
        const auto guard = mutex.lock(py);
        *guard += 1;
      }
    };
    EXPECT_EQ(error_of([&]() -> int {
                const Adds adds{py, mutex};
                throw std::runtime_error("passing");
              }),
              "C++: passing");
    EXPECT_FALSE(mutex.is_poisoned());
    EXPECT_EQ(mutex.get_mut(), 2);
  });
}

TEST(PyMutex, a_py_mutex_holds_what_can_only_be_moved) {
  Python::with_gil([](Python py) {
    adder::PyMutex<std::unique_ptr<int>> mutex(std::make_unique<int>(4));
    **mutex.lock(py).operator->() += 1;
    mutex.get_mut() = std::make_unique<int>(*mutex.get_mut() * 10);
    const std::unique_ptr<int> inner = std::move(mutex).into_inner();
    EXPECT_EQ(*inner, 50);

    const Bound<PyAny> object = fresh(py);
    {
      adder::PyMutex<Py<PyAny>> handle{Py<PyAny>(object)};
      EXPECT_EQ(count(object), 2);
      EXPECT_TRUE(handle.lock(py)->bind(py).is(object));
      const Py<PyAny> taken = std::move(handle).into_inner();
      EXPECT_EQ(count(object), 2);
    }
    EXPECT_EQ(count(object), 1);
    adder::PyMutex<std::string> text(3U, 'x');
    EXPECT_EQ(text.get_mut(), "xxx");
  });
}

}  // namespace
