// SPDX-License-Identifier: MIT
// What tests of several threads use. A test that could wait for ever has a watchdog, which ends the process with a
// message.
#pragma once
#include "adder/adder.hpp"
#include "support/errors.hpp"

#include <gtest/gtest.h>

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <cstdio>
#include <cstdlib>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

namespace test {

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
    if (changed_.wait_for(lock, std::chrono::seconds(60), [this] { return done_; })) return;
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
inline void join(adder::Python py, std::vector<std::thread>& threads) {
  py.allow_threads_unchecked([&] {
    for (auto& thread : threads) thread.join();
  });
}
inline void await(const std::atomic<bool>& flag) {
  while (!flag) std::this_thread::sleep_for(std::chrono::milliseconds(1));
}
inline void await_detached(adder::Python py, const std::atomic<bool>& flag) {
  py.allow_threads_unchecked([&] { await(flag); });
}
/// Lets go of the GIL, in Python.
inline void sleep_in_python(adder::Python py, double seconds) {
  using namespace adder::literals;
  py.import("time").call_method("sleep"_s, seconds);
}

/// The error of @p use on another thread that is attached meanwhile.
template <class F>
std::string error_elsewhere(adder::Python py, F use) {
  std::string text;
  py.allow_threads_unchecked([&] {
    std::thread other(
        [&] { adder::Python::with_gil([&](adder::Python there) { text = error_of([&] { use(there); }); }); });
    other.join();
  });
  return text;
}

/// One thread holds what @p take gives and needs the GIL, the other has the GIL and wants the same. @return Whether
/// each got what it was waiting for; @p try_in_vain is called by the second while it keeps the GIL.
template <class Take, class Try>
bool survives_inversion(Take take, [[maybe_unused]] Try try_in_vain) {
  std::atomic<bool> first_holds = false, second_has_gil = false;
  std::atomic<int> done = 0;
  std::thread first([&] {
    adder::Python::with_gil([&](adder::Python py) {
      take(py, [&](adder::Python inner) {
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
    adder::Python::with_gil([&](adder::Python py) {
      second_has_gil = true;
#if !defined(Py_GIL_DISABLED)
      try_in_vain();  // The first thread asks for the GIL meanwhile, and gets none.
#endif
      take(py, [](adder::Python) {});
      ++done;
    });
  });
  first.join();
  second.join();
  return done == 2;
}

}  // namespace test
