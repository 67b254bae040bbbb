// SPDX-License-Identifier: MIT
// Locks that get on with the GIL, copies of what holds handles, and destructors that run without the GIL. A test that
// could wait for ever has a watchdog, which ends the process with a message.
#include "adder/adder.hpp"
#include "adder/stl/string.hpp"
#include "adder/sync/clone_ref.hpp"
#include "adder/sync/critical_section.hpp"
#include "adder/sync/once_lock.hpp"
#include "adder/sync/py_mutex.hpp"
#include "support/errors.hpp"
#include "support/refcount.hpp"

#include <gtest/gtest.h>
#include <atomic>
#include <barrier>
#include <chrono>
#include <condition_variable>
#include <cstdio>
#include <cstdlib>
#include <map>
#include <memory>
#include <set>
#include <shared_mutex>
#include <stdexcept>
#include <string>
#include <thread>
#include <vector>

using namespace adder;

namespace {

using namespace adder::literals;
using namespace std::chrono_literals;
using test::count;
using test::error_of;
using test::fresh;

/// Ends the process where its scope is not left within a minute.
class Watchdog {
 public:
  explicit Watchdog(const char* what) : thread_([this, what] { watch(what); }) {}
  Watchdog(const Watchdog&) = delete;
  Watchdog& operator=(const Watchdog&) = delete;
  ~Watchdog() {
    {
      const std::lock_guard lock(mutex_);
      done_ = true;
    }
    changed_.notify_one();
    thread_.join();
  }

 private:
  void watch(const char* what) {
    std::unique_lock lock(mutex_);
    if (changed_.wait_for(lock, 60s, [this] { return done_; })) return;
    std::fprintf(stderr, "watchdog: still waiting after a minute: %s\n", what);
    std::fflush(stderr);
    std::_Exit(86);
  }

  std::mutex mutex_;
  std::condition_variable changed_;
  bool done_ = false;
  std::thread thread_;  // Last: it uses the others.
};

/// Waits without the GIL.
void join(Python py, std::vector<std::thread>& threads) {
  py.allow_threads_unchecked([&] {
    for (auto& thread : threads) thread.join();
  });
}
void await(const std::atomic<bool>& flag) {
  while (!flag) std::this_thread::sleep_for(1ms);
}
void await_detached(Python py, const std::atomic<bool>& flag) {
  py.allow_threads_unchecked([&] { await(flag); });
}
/// Lets go of the GIL, in Python.
void sleep_in_python(Python py, double seconds) { py.import("time").call_method("sleep"_s, seconds); }

// --- lock_attached ---------------------------------------------------------------------------------------------------

/// Whether another thread can lock the mutex at once.
template <class Mutex>
bool is_free(Mutex& mutex) {
  bool locked = false;
  std::thread([&] {
    locked = mutex.try_lock();
    if (locked) mutex.unlock();
  }).join();
  return locked;
}
template <class Mutex>
bool can_be_shared(Mutex& mutex) {
  bool locked = false;
  std::thread([&] {
    locked = mutex.try_lock_shared();
    if (locked) mutex.unlock_shared();
  }).join();
  return locked;
}

template <class Mutex>
class SyncLock : public testing::Test {};
using Mutexes = testing::Types<std::mutex, std::recursive_mutex, std::shared_mutex, std::timed_mutex>;
TYPED_TEST_SUITE(SyncLock, Mutexes, );

TYPED_TEST(SyncLock, is_held_to_the_end_of_the_scope) {
  Python::with_gil([](Python py) {
    TypeParam mutex;
    {
      const auto lock = lock_attached(py, mutex);
      EXPECT_FALSE(is_free(mutex));
      EXPECT_EQ(PyGILState_Check(), 1);
    }
    EXPECT_TRUE(is_free(mutex));
  });
}

TYPED_TEST(SyncLock, is_released_when_an_exception_passes) {
  Python::with_gil([](Python py) {
    TypeParam mutex;
    const auto fail = [&] {
      const auto lock = lock_attached(py, mutex);
      (void)py.eval("1 / 0");
    };
    EXPECT_EQ(error_of([&] { return fail(), 0; }), "ZeroDivisionError: division by zero");
    EXPECT_TRUE(is_free(mutex));
  });
}

TYPED_TEST(SyncLock, keeps_a_pending_python_exception_while_it_waits) {
  const Watchdog watchdog("a mutex that is unlocked after a while");
  TypeParam mutex;
  std::atomic<bool> held = false;
  std::thread holder([&] {
    mutex.lock();
    held = true;
    std::this_thread::sleep_for(20ms);
    mutex.unlock();
  });
  await(held);
  Python::with_gil([&](Python py) {
    PyErr_SetString(PyExc_KeyError, "pending");
    { const auto lock = lock_attached(py, mutex); }
    EXPECT_EQ(PyErr_ExceptionMatches(PyExc_KeyError), 1);
    PyErr_Clear();
  });
  holder.join();
}

/// One thread holds what @p take gives and needs the GIL, the other has the GIL and wants the same. @return Whether
/// each got what it was waiting for; @p try_in_vain is called by the second while it keeps the GIL.
template <class Take, class Try>
bool survives_inversion(Take take, [[maybe_unused]] Try try_in_vain) {
  std::atomic<bool> first_holds = false, second_has_gil = false;
  std::atomic<int> done = 0;
  std::thread first([&] {
    Python::with_gil([&](Python py) {
      take(py, [&](Python inner) {
        first_holds = true;
        await_detached(inner, second_has_gil);  // Comes back only where the other lets go of the GIL.
        EXPECT_EQ(inner.eval("sum(range(10))").extract<int>(), 45);
        sleep_in_python(inner, 0.001);
      });
      ++done;
    });
  });
  std::thread second([&] {
    await(first_holds);
    Python::with_gil([&](Python py) {
      second_has_gil = true;
#if !defined(Py_GIL_DISABLED)
      try_in_vain();  // The first thread asks for the GIL meanwhile, and gets none.
#endif
      take(py, [](Python) {});
      ++done;
    });
  });
  first.join();
  second.join();
  return done == 2;
}

TYPED_TEST(SyncLock, does_not_deadlock_with_a_holder_who_needs_the_gil) {
  const Watchdog watchdog("the owner of a mutex for the GIL, the owner of the GIL for the mutex");
  TypeParam mutex;
  const auto take = [&](Python py, auto use) {
    const auto lock = lock_attached(py, mutex);
    use(py);
  };
  EXPECT_TRUE(survives_inversion(take, [&] {
    std::this_thread::sleep_for(20ms);
    EXPECT_FALSE(mutex.try_lock());
  }));
}

TEST(Sync, waiting_for_a_mutex_with_the_gil_in_hand_is_the_deadlock_that_the_tests_are_about) {
  const Watchdog watchdog("a timed wait");
  std::timed_mutex mutex;
  const auto take = [&](Python py, auto use) {
    const auto lock = lock_attached(py, mutex);
    use(py);
  };
  EXPECT_TRUE(survives_inversion(take, [&] { EXPECT_FALSE(mutex.try_lock_for(100ms)); }));
}

TEST(Sync, a_reader_and_a_writer_do_not_deadlock_with_the_gil) {
  const Watchdog watchdog("a shared mutex and the GIL");
  std::shared_mutex mutex;
  const auto write = [&](Python py, auto use) {
    const auto lock = lock_attached(py, mutex);
    use(py);
  };
  const auto read = [&](Python py, auto use) {
    const auto lock = lock_shared_attached(py, mutex);
    use(py);
  };
  bool writes = true;  // The first to come.
  std::mutex guard;
  const auto one_of_each = [&](Python py, auto use) {
    bool mine = false;
    {
      const std::lock_guard lock(guard);
      mine = std::exchange(writes, !writes);
    }
    mine ? write(py, use) : read(py, use);
  };
  EXPECT_TRUE(survives_inversion(one_of_each, [&] {
    std::this_thread::sleep_for(20ms);
    EXPECT_FALSE(mutex.try_lock_shared());
  }));
  writes = false;
  EXPECT_TRUE(survives_inversion(one_of_each, [&] {
    std::this_thread::sleep_for(20ms);
    EXPECT_FALSE(mutex.try_lock());
  }));
}

TEST(Sync, readers_share_and_keep_writers_out) {
  Python::with_gil([](Python py) {
    std::shared_mutex mutex;
    {
      const auto lock = lock_shared_attached(py, mutex);
      EXPECT_TRUE(can_be_shared(mutex));
      EXPECT_FALSE(is_free(mutex));
    }
    EXPECT_TRUE(is_free(mutex));
    {
      const auto lock = lock_attached(py, mutex);
      EXPECT_FALSE(can_be_shared(mutex));
    }
    EXPECT_EQ(error_of([&]() -> int {
                const auto lock = lock_shared_attached(py, mutex);
                throw std::runtime_error("left");
              }),
              "C++: left");
    EXPECT_TRUE(is_free(mutex));
  });
}

TEST(Sync, a_recursive_mutex_can_be_locked_again_by_its_owner) {
  const Watchdog watchdog("a recursive mutex");
  Python::with_gil([](Python py) {
    std::recursive_mutex mutex;
    {
      const auto outer = lock_attached(py, mutex);
      { const auto inner = lock_attached(py, mutex); }
      EXPECT_FALSE(is_free(mutex));
    }
    EXPECT_TRUE(is_free(mutex));
  });
}

TEST(Sync, no_increment_is_lost_under_an_attached_lock) {
  const Watchdog watchdog("eight threads that count");
  std::mutex mutex;
  int total = 0;
  std::vector<std::thread> threads;
  for (int i = 0; i < 8; ++i) {
    threads.emplace_back([&] {
      for (int n = 0; n < 500; ++n) {
        Python::with_gil([&](Python py) {
          const auto lock = lock_attached(py, mutex);
          const int seen = total;
          if (n % 50 == 0) sleep_in_python(py, 0);  // Others run with the GIL now.
          total = seen + 1;
        });
      }
    });
  }
  for (auto& thread : threads) thread.join();
  EXPECT_EQ(total, 4000);
}

// --- call_once_attached ----------------------------------------------------------------------------------------------

TEST(Sync, call_once_calls_once_and_attached) {
  Python::with_gil([](Python py) {
    std::once_flag flag;
    int runs = 0;
    for (int i = 0; i < 3; ++i) {
      call_once_attached(py, flag, [&] {
        ++runs;
        EXPECT_EQ(PyGILState_Check(), 1);
        EXPECT_EQ(py.eval("1 + 1").extract<int>(), 2);
      });
      EXPECT_EQ(PyGILState_Check(), 1);
    }
    EXPECT_EQ(runs, 1);
  });
}

// Not under ThreadSanitizer: its pthread_once never hears of an exception, and the next call waits for ever.
#if defined(__has_feature)
#if __has_feature(thread_sanitizer)
#define ADDER_TEST_ONCE_IS_BROKEN 1
#endif
#elif defined(__SANITIZE_THREAD__)
#define ADDER_TEST_ONCE_IS_BROKEN 1
#endif
#if !defined(ADDER_TEST_ONCE_IS_BROKEN)
TEST(Sync, call_once_tries_again_after_an_exception) {
  const Watchdog watchdog("std::call_once after an exception");
  Python::with_gil([](Python py) {
    std::once_flag flag;
    int runs = 0;
    const auto call = [&] {
      call_once_attached(py, flag, [&] {
        if (++runs == 1) (void)py.eval("1 / 0");
        if (runs == 2) throw std::runtime_error("second");
      });
      return 0;
    };
    EXPECT_EQ(error_of(call), "ZeroDivisionError: division by zero");
    EXPECT_EQ(PyGILState_Check(), 1);
    EXPECT_EQ(error_of(call), "C++: second");
    EXPECT_EQ(error_of(call), "no error");
    EXPECT_EQ(error_of(call), "no error");
    EXPECT_EQ(runs, 3);
  });
}
#endif

TEST(Sync, call_once_does_not_deadlock_with_an_initialiser_that_needs_the_gil) {
  const Watchdog watchdog("std::call_once and the GIL");
  std::once_flag flag;
  std::atomic<int> runs = 0;
  std::atomic<bool> finished = false;
  const auto take = [&](Python py, auto use) {
    call_once_attached(py, flag, [&] {
      ++runs;
      use(py);
      finished = true;
    });
    EXPECT_TRUE(finished);  // Who waits is not let through early.
  };
  EXPECT_TRUE(survives_inversion(take, [&] {
    std::this_thread::sleep_for(20ms);
    EXPECT_FALSE(finished);
  }));
  EXPECT_EQ(runs, 1);
}

// --- PyMutex ---------------------------------------------------------------------------------------------------------

constexpr const char* poisoned_text =
    "RuntimeError: the mutex is poisoned: an exception left a scope in which it was locked";

TEST(Sync, a_py_mutex_loses_no_increment) {
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

TEST(Sync, a_py_mutex_does_not_deadlock_with_a_holder_who_needs_the_gil) {
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

template <class M>
concept GivesItsValueAway = requires(M& m) { m.value_; } || requires(M& m) { *m; } || requires(M& m) { m.get(); };
static_assert(!GivesItsValueAway<adder::PyMutex<int>>);
static_assert(!std::is_copy_constructible_v<adder::PyMutex<int>> && !std::is_move_constructible_v<adder::PyMutex<int>>);
static_assert(!std::is_copy_constructible_v<PyMutexGuard<int>> && !std::is_move_constructible_v<PyMutexGuard<int>>);
static_assert(!std::is_constructible_v<adder::PyMutex<int>, std::string>);

TEST(Sync, an_exception_poisons_a_py_mutex_until_that_is_cleared) {
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

TEST(Sync, a_py_mutex_knows_its_own_thread) {
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

TEST(Sync, the_collector_passes_over_what_a_detached_thread_has_locked) {
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

TEST(Sync, a_py_mutex_is_poisoned_only_by_what_leaves_its_scope) {
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

TEST(Sync, a_py_mutex_holds_what_can_only_be_moved) {
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

// --- PyOnceLock ------------------------------------------------------------------------------------------------------

TEST(Sync, a_once_lock_runs_one_initialiser_however_many_threads_ask) {
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

TEST(Sync, who_waits_for_a_once_lock_tries_with_their_own_where_the_first_fails) {
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

TEST(Sync, a_once_lock_stays_empty_when_the_initialiser_fails) {
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

TEST(Sync, an_initialiser_that_asks_its_own_once_lock_is_refused) {
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

TEST(Sync, set_writes_a_once_lock_once_and_leaves_a_refused_value_alone) {
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

TEST(Sync, take_empties_a_once_lock_and_it_can_be_filled_again) {
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

constinit PyOnceLock<Py<PyList>> shared_list;
int alive = 0;
struct Noted {
  Noted() { ++alive; }
  Noted(Noted&&) noexcept { ++alive; }
  ~Noted() { --alive; }
};

TEST(Sync, a_once_lock_can_be_a_static) {
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

TEST(Sync, a_once_lock_destroys_exactly_what_it_holds) {
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

// --- clone_ref -------------------------------------------------------------------------------------------------------

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

TEST(Sync, clone_ref_copies_everything_with_one_more_reference_each) {
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

TEST(Sync, clone_ref_of_parts_by_themselves) {
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

// --- Cells as members ------------------------------------------------------------------------------------------------

namespace {

/// Compiles its pattern when it is first asked, and keeps it.
struct Matcher {
  explicit Matcher(std::string text) : pattern(std::move(text)) {}
  const Bound<PyAny>& compiled(Python py) {
    return cell.get_or_init(py, [&] { return py.import("re").call_method("compile"_s, pattern).unbind(); }).bind(py);
  }
  std::string pattern;
  GILOnceCell<Py<PyAny>> cell;
};

}  // namespace
template <>
struct adder::PyClass<Matcher> {
  static constexpr auto name = "Matcher";
  static constexpr bool weakref = true;
  using fields = FieldList<&Matcher::pattern, &Matcher::cell>;
  static void define(ClassBuilder<Matcher>& cls) {
    cls.def_new<std::string>();
    cls.def<[](Matcher& self, const Bound<PyAny>& text) {
      return self.compiled(text.py()).call_method("fullmatch"_s, text).is_truthy();
    }>("matches");
    cls.def<[](Matcher& self, const Bound<PyAny>& value) { return self.cell.set(value.py(), Py<PyAny>(value)); }>(
        "keep");
  }
};
namespace {

TEST(Sync, a_cell_in_a_pyclass_is_filled_once_per_instance_and_dies_with_it) {
  Python::with_gil([](Python py) {
    const auto globals = PyDict::new_(py, kw("Matcher"_s) = py.get_type<Matcher>());
    py.run(R"(
      import gc, re, weakref
      compiled = []
      original = re.compile
      def counted(pattern, flags=0):
          compiled.append(pattern)
          re.purge()  # Each pattern is new, and is kept by nobody but the instance.
          result = original(pattern, flags)
          re.purge()
          patterns.append(weakref.ref(result))
          return result
      patterns = []
      re.compile = counted
      try:
          one, two = Matcher("a+"), Matcher("b+")
          assert compiled == []
          assert one.matches("aaa") and not one.matches("b") and one.matches("a")
          assert two.matches("b") and not two.matches("a")
          assert compiled == ["a+", "b+"], compiled
          assert patterns[0]().pattern == "a+" and patterns[1]().pattern == "b+"
          assert gc.is_tracked(one) and any(r is patterns[0]() for r in gc.get_referents(one))
          del one
          assert patterns[0]() is None and patterns[1]() is not None
          del two
          assert patterns[1]() is None
          # An initialiser that fails leaves the cell empty.
          bad = Matcher("(")
          for _ in range(2):
              try:
                  bad.matches("x")
              except re.error:
                  pass
              else:
                  raise AssertionError
          assert compiled == ["a+", "b+", "(", "("]
          # Nobody but the cell keeps the cycle alive.
          cyclic = Matcher("c")
          assert cyclic.keep([cyclic])
          gone = weakref.ref(cyclic)
          del cyclic
          gc.collect()
          assert gone() is None
      finally:
          re.compile = original
          re.purge()
    )",
           globals);
    globals.call_method("clear"_s);
  });
}

// --- Critical sections and GILProtected ------------------------------------------------------------------------------

TEST(Sync, critical_sections_hand_on_values_references_and_exceptions) {
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

TEST(Sync, two_lists_swapped_by_many_threads_keep_what_they_hold) {
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

#if !defined(Py_GIL_DISABLED)
constinit GILProtected<int> protected_number(1);
static_assert(!std::is_copy_constructible_v<GILProtected<int>>);

TEST(Sync, the_gil_protects_a_value) {
  Python::with_gil([](Python py) {
    EXPECT_EQ(&protected_number.get(py), &protected_number.get_mut(py));
    protected_number.get_mut(py) = 1;
    std::vector<std::thread> threads;
    for (int i = 0; i < 8; ++i) {
      threads.emplace_back([] {
        for (int n = 0; n < 200; ++n) Python::with_gil([](Python inner) { ++protected_number.get_mut(inner); });
      });
    }
    join(py, threads);
    EXPECT_EQ(protected_number.get(py), 1601);
    const GILProtected<std::unique_ptr<int>> only_moved(std::make_unique<int>(2));
    EXPECT_EQ(*only_moved.get(py), 2);
  });
}
#endif

// --- drop_detached ---------------------------------------------------------------------------------------------------

std::atomic<int> dropped = 0, dropped_attached = 0;
void note_drop() {
  ++dropped;
  if (PyGILState_Check() != 0) ++dropped_attached;
}
void forget_drops() { dropped = dropped_attached = 0; }

/// Its thread needs the GIL, and it waits for its thread.
class Worker {
 public:
  explicit Worker(std::optional<Py<PyAny>> kept = std::nullopt) : kept_(std::move(kept)) {
    thread_ = std::thread([this] {
      await(told_);
      Python::with_gil([&](Python py) { result() = py.eval("6 * 7").extract<int>(); });
    });
  }
  Worker(const Worker&) = delete;
  Worker& operator=(const Worker&) = delete;
  ~Worker() {
    told_ = true;
    thread_.join();
    note_drop();
  }
  static int& result() {
    static int value = 0;
    return value;
  }

 private:
  friend struct adder::PyClass<Worker>;
  std::optional<Py<PyAny>> kept_;
  std::atomic<bool> told_ = false;
  std::thread thread_;
};
/// One of a chain.
struct Link {
  std::optional<Py<Link>> next;
  ~Link() { note_drop(); }
};
/// Has all that an object can have.
struct Shaped {
  std::optional<Py<PyAny>> other;
  std::unique_ptr<int> number = std::make_unique<int>(1);
  ~Shaped() { note_drop(); }
};
/// Attaches itself.
struct Caller {
  int number = 0;
  ~Caller() {
    note_drop();
    Python::with_gil([](Python py) { EXPECT_EQ(py.eval("1 + 1").extract<int>(), 2); });
  }
};
/// Its constructor throws.
struct Stillborn {
  explicit Stillborn(int number_) : number(number_) {
    if (number_ < 0) throw std::invalid_argument("negative");
  }
  ~Stillborn() { note_drop(); }
  int number;
};

}  // namespace
template <>
struct adder::UngilTraits<Worker> : std::true_type {};
template <>
struct adder::UngilTraits<Stillborn> : std::true_type {};
template <>
struct adder::PyClass<Worker> {
  static constexpr auto name = "Worker";
  static constexpr bool drop_detached = true;
  using fields = FieldList<&Worker::kept_, &Worker::told_, &Worker::thread_>;
  static void define(ClassBuilder<Worker>& cls) { cls.def_new<>(); }
};
template <>
struct adder::PyClass<Link> {
  static constexpr auto name = "Link";
  static constexpr bool drop_detached = true;
  static void define(ClassBuilder<Link>&) {}
};
template <>
struct adder::PyClass<Shaped> {
  static constexpr auto name = "Shaped";
  static constexpr bool drop_detached = true, subclass = true, dict = true, weakref = true;
  static void define(ClassBuilder<Shaped>& cls) {
    cls.def_new<>();
    cls.def<[](Shaped& self, const Bound<PyAny>& other) { self.other = Py<PyAny>(other); }>("link");
  }
};
template <>
struct adder::PyClass<Caller> {
  static constexpr auto name = "Caller";
  static constexpr bool drop_detached = true, frozen = true, sync = true;
  static constexpr std::size_t freelist = 4;
  static void define(ClassBuilder<Caller>&) {}
};
template <>
struct adder::PyClass<Stillborn> {
  static constexpr auto name = "Stillborn";
  static constexpr bool drop_detached = true, weakref = true;
  static void define(ClassBuilder<Stillborn>& cls) { cls.def_new<int>(); }
};
namespace {

TEST(Sync, a_destructor_without_the_gil_may_wait_for_a_thread_that_needs_it) {
  const Watchdog watchdog("a destructor for a thread that needs the GIL");
  Python::with_gil([](Python py) {
    forget_drops();
    const Bound<PyAny> kept = fresh(py);
    {
      const auto worker = Bound<Worker>::new_(py, Py<PyAny>(kept));
      Worker::result() = 0;
      EXPECT_EQ(count(kept), 2);
    }
    EXPECT_EQ(Worker::result(), 42);
    EXPECT_EQ(dropped, 1);
    EXPECT_EQ(dropped_attached, 0);
    EXPECT_EQ(PyGILState_Check(), 1);
    EXPECT_EQ(count(kept), 1);  // Released as soon as the GIL is back.
    // The same where Python gives up the last reference, and with an exception on its way.
    const auto globals = PyDict::new_(py, kw("Worker"_s) = py.get_type<Worker>());
    py.run(R"(
      try:
          worker = Worker()
          del worker
          try:
              1 / 0
          finally:
              Worker()
      except ZeroDivisionError as error:
          caught = str(error)
    )",
           globals);
    EXPECT_EQ(globals.get_item("caught")->extract<std::string>(), "division by zero");
    EXPECT_EQ(dropped, 3);
  });
}

TEST(Sync, a_pending_exception_survives_a_destructor_without_the_gil) {
  const Watchdog watchdog("a destructor while an exception is pending");
  Python::with_gil([](Python py) {
    forget_drops();
    ::PyObject* worker = Bound<Worker>::new_(py).into_ptr();
    ::PyObject* caller = Bound<Caller>::new_(py).into_ptr();
    PyErr_SetString(PyExc_KeyError, "pending");
    Py_DECREF(worker);
    EXPECT_EQ(PyErr_ExceptionMatches(PyExc_KeyError), 1);
    Py_DECREF(caller);
    EXPECT_EQ(PyErr_ExceptionMatches(PyExc_KeyError), 1);
    EXPECT_STREQ(PyErr::fetch(py).what(), "KeyError: 'pending'");
    EXPECT_EQ(dropped, 2);
    EXPECT_EQ(dropped_attached, 0);
  });
}

TEST(Sync, a_handle_that_dies_detached_takes_the_object_with_it_at_the_next_attach) {
  const Watchdog watchdog("a Py that dies on a detached thread");
  Python::with_gil([](Python py) {
    forget_drops();
    auto handle = std::make_optional(Bound<Worker>::new_(py).unbind());
    py.allow_threads_unchecked([&] { handle.reset(); });
    EXPECT_EQ(dropped, 1);
    EXPECT_EQ(dropped_attached, 0);
  });
}

TEST(Sync, a_chain_of_objects_dropped_detached_goes_one_by_one) {
  const Watchdog watchdog("a chain of objects");
  Python::with_gil([](Python py) {
    forget_drops();
    {
      std::optional<Py<Link>> head;
      for (int i = 0; i < 1000; ++i) {
        auto link = Bound<Link>::new_(py);
        link.borrow_mut()->next = std::move(head);
        head = std::move(link).unbind();
      }
      EXPECT_EQ(dropped, 0);
    }
    EXPECT_EQ(dropped, 1000);
    EXPECT_EQ(dropped_attached, 0);
  });
}

TEST(Sync, objects_of_every_shape_are_dropped_detached) {
  const Watchdog watchdog("objects with dict, weak references and subclasses");
  Python::with_gil([](Python py) {
    forget_drops();
    const auto globals = PyDict::new_(py, kw("Shaped"_s) = py.get_type<Shaped>());
    py.run(R"(
      import gc, weakref
      plain = Shaped()
      plain.attribute = object()
      gone = weakref.ref(plain)
      del plain
      assert gone() is None
      class Sub(Shaped):
          pass
      sub = Sub()
      sub.itself = sub          # A cycle through the dict, and one through the value.
      sub.link(sub)
      gone = weakref.ref(sub)
      del sub
      gc.collect()
      assert gone() is None
      first, second = Shaped(), Shaped()
      first.link(second)
      second.link(first)
      del first, second
      gc.collect()
    )",
           globals);
    EXPECT_EQ(dropped, 4);
    EXPECT_EQ(dropped_attached, 0);
    py.run("del Sub, gone\ngc.collect()", globals);
    globals.call_method("clear"_s);
  });
}

TEST(Sync, a_freelist_gets_objects_back_whose_destructor_attached_itself) {
  const Watchdog watchdog("a destructor that attaches itself");
  Python::with_gil([](Python py) {
    forget_drops();
    for (int round = 0; round < 3; ++round) {
      std::vector<Py<Caller>> many;
      for (int i = 0; i < 8; ++i) many.push_back(Bound<Caller>::new_(py).unbind());
    }
    EXPECT_EQ(dropped, 24);
    EXPECT_EQ(dropped_attached, 0);
  });
}

TEST(Sync, what_was_never_built_is_not_dropped) {
  Python::with_gil([](Python py) {
    forget_drops();
    const auto type = py.get_type<Stillborn>();
    EXPECT_EQ(error_of([&] { return type.call(-1); }), "ValueError: negative");
    EXPECT_EQ(dropped, 0);
    (void)type.call(1);
    EXPECT_EQ(dropped, 1);
    EXPECT_EQ(dropped_attached, 0);
  });
}

TEST(Sync, many_threads_drop_workers_at_once) {
  const Watchdog watchdog("many threads that drop what waits for further threads");
  forget_drops();
  std::vector<std::thread> threads;
  for (int i = 0; i < 4; ++i) {
    threads.emplace_back([] {
      Python::with_gil([](Python py) {
        for (int n = 0; n < 10; ++n) (void)Bound<Caller>::new_(py);
        (void)Bound<Link>::new_(py);
      });
    });
  }
  for (auto& thread : threads) thread.join();
  EXPECT_EQ(dropped, 44);
  EXPECT_EQ(dropped_attached, 0);
}

}  // namespace
