// SPDX-License-Identifier: MIT
// Who owns a mutex lets go of the GIL, while others want the mutex and have the GIL. Ten thousand rounds come to their
// end, and no count is lost.
#include "adder/embed/embed.hpp"
#include "adder/sync/lock.hpp"
#include "adder/sync/py_mutex.hpp"

#include "threads/check.hpp"

#include <atomic>
#include <chrono>
#include <cstddef>
#include <memory>
#include <mutex>
#include <shared_mutex>
#include <stdexcept>
#include <thread>
#include <vector>

using namespace adder;
using namespace test;

namespace {

/// Another thread gets its turn, perhaps several times.
void let_go(Python py) { py.run("sleep(0)"); }

std::mutex wanted;
int times_wanted = 0;
void lock_the_wanted(Python py) {
  const auto held = lock_attached(py, wanted);
  const int before = times_wanted;
  // Not by Python code: that may run destructors, which want the mutex that this thread has.
  PyThreadState* const state = PyEval_SaveThread();
  std::this_thread::yield();
  PyEval_RestoreThread(state);
  times_wanted = before + 1;
}

/// Runs `task(i, n)` for n below @p rounds on each of @p count threads. One more collects garbage meanwhile: where
/// there is no GIL, that waits for all who are attached.
template <class Task>
void in_threads(int count, int rounds, Task task) {
  std::atomic<int> running = count;
  std::vector<std::thread> threads;
  for (int i = 0; i < count; ++i) {
    threads.emplace_back([&, i] {
      for (int n = 0; n < rounds; ++n) task(i, n);
      --running;
    });
  }
  threads.emplace_back([&] {
    while (running != 0) {
      Python::with_gil([](Python py) { py.run("collect()"); });
      std::this_thread::sleep_for(std::chrono::milliseconds(2));
    }
  });
  join(threads);
}

void a_mutex() {
  now_at = "std::mutex";
  std::mutex mutex;
  int count = 0;
  in_threads(4, times(600), [&](int, int) {
    Python::with_gil([&](Python py) {
      const auto lock = lock_attached(py, mutex);
      const int before = count;
      let_go(py);
      count = before + 1;
    });
  });
  check_equal(count, 4 * times(600), "times that a std::mutex was locked");
}

void a_recursive_mutex_of_two() {
  now_at = "two mutexes, std::recursive_mutex among them";
  std::recursive_mutex outer;
  std::mutex inner;
  int count = 0;
  in_threads(4, times(100), [&](int, int) {
    Python::with_gil([&](Python py) {
      const auto first = lock_attached(py, outer);
      let_go(py);
      const auto again = lock_attached(py, outer);
      const auto second = lock_attached(py, inner);
      let_go(py);
      ++count;
    });
  });
  check_equal(count, 4 * times(100), "times that two mutexes were locked");
}

void readers_and_writers() {
  now_at = "std::shared_mutex";
  std::shared_mutex mutex;
  int value = 0, copy = 0;  // The same whenever somebody reads.
  std::atomic<int> reads = 0;
  in_threads(4, times(500), [&](int i, int) {
    Python::with_gil([&](Python py) {
      if (i == 0) {
        const auto lock = lock_attached(py, mutex);
        ++value;
        let_go(py);
        ++copy;
      } else {
        const auto lock = lock_shared_attached(py, mutex);
        const int before = value;
        let_go(py);
        check(before == copy && before == value, "no reader sees a half of a change");
        ++reads;
      }
    });
  });
  check_equal(value, times(500), "writers");
  check_equal(reads, 3 * times(500), "readers");
}

void once_flags() {
  now_at = "std::once_flag";
  constexpr int flags = times(300);
  const auto flag = std::make_unique<std::once_flag[]>(flags);
  std::vector<int> runs(flags), refused(flags);
  in_threads(4, flags, [&](int, int n) {
    Python::with_gil([&](Python py) {
      const auto i = static_cast<std::size_t>(n);
      for (bool done = false; !done;) {
        try {
          call_once_attached(py, flag[i], [&] {
            let_go(py);
            // The thread sanitizer's pthread_once hangs where an exception leaves it.
            if (!under_tsan && n % 3 == 0 && ++refused[i] == 1) throw std::runtime_error("the first time it fails");
            ++runs[i];
            let_go(py);
          });
          done = true;
        } catch (const std::runtime_error&) {
        }
      }
      check_equal(runs[i], 1, "calls for one flag");
    });
  });
}

void a_py_mutex() {
  now_at = "PyMutex";
  adder::PyMutex<int> counted(0);
  in_threads(4, times(500), [&](int, int) {
    Python::with_gil([&](Python py) {
      const auto value = counted.lock(py);
      const int before = *value;
      let_go(py);
      *value = before + 1;
    });
  });
  check(!counted.is_poisoned(), "the PyMutex is not poisoned");
  check_equal(counted.get_mut(), 4 * times(500), "times that a PyMutex was locked");
}

/// Two threads lock the mutex first and attach then, two the other way round.
void locked_while_detached() {
  now_at = "a mutex that some lock while they are detached";
  std::mutex mutex;
  int count = 0;
  in_threads(4, times(500), [&](int i, int n) {
    if (i % 2 == 0) {
      const std::lock_guard lock(mutex);
      Python::with_gil([&](Python py) {
        ++count;
        if (n % 2 == 0) let_go(py);
      });
    } else {
      Python::with_gil([&](Python py) {
        const auto lock = lock_attached(py, mutex);
        ++count;
        let_go(py);
      });
    }
  });
  check_equal(count, 4 * times(500), "times that the mutex was locked");
}

/// What is released when a thread is attached again wants the mutex that the thread was waiting for.
void wanted_by_a_destructor() {
  now_at = "a mutex that a deferred destructor wants as well";
  const Py<PyAny> type = Python::with_gil([](Python py) {
    py.run("class Wants:\n  def __del__(self, lock=__import__('wanted').lock): lock()");
    return py.eval("Wants").unbind();
  });
  in_threads(4, times(100), [&](int, int) {
    // Made and dropped on a thread that has ended by then: else free-threaded builds may leave it to that thread's own
    // Python code.
    std::thread([&] {
      const Py<PyAny> object = Python::with_gil([&](Python py) { return type.bind(py).call().unbind(); });
    }).join();
    Python::with_gil(lock_the_wanted);
  });
  Python::with_gil([](Python) {});
  check_equal(times_wanted, 8 * times(100), "times that the mutex was locked, by destructors and others");
}

}  // namespace

ADDER_MODULE(wanted, m, gil_not_used) { m.def<&lock_the_wanted>("lock"); }

int main() {
  watch();
  append_to_inittab("wanted", PyInit_wanted);
  Python::with_gil([](Python py) {
    py.run(R"(
        import sys
        from gc import collect
        from time import sleep
        sys.setswitchinterval(1e-4)
    )");
  });
  a_mutex();
  a_recursive_mutex_of_two();
  readers_and_writers();
  once_flags();
  a_py_mutex();
  locked_while_detached();
  wanted_by_a_destructor();
}
