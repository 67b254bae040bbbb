// SPDX-License-Identifier: MIT
// Sixteen threads attach, detach, wait for locks, fill cells and drop handles in every way there is while the main
// thread shuts the interpreter down: twenty processes, each ended at another moment. Nobody crashes or unwinds, and who
// comes too late is told so.
#include "adder/sync/lock.hpp"
#include "adder/sync/once_lock.hpp"
#include "adder/sync/py_mutex.hpp"
#include "adder/token/gil_guard.hpp"

#include "threads/check.hpp"

#include <atomic>
#include <chrono>
#include <cstddef>
#include <cstdlib>
#include <functional>
#include <mutex>
#include <optional>
#include <string>
#include <thread>
#include <vector>

using namespace adder;
using namespace test;

namespace {

constexpr int repetitions = 20;
constexpr int at_once = 2;
constexpr int kinds = 8;
constexpr int thread_count = 16;

/// Told that it is too late: these threads come to their end.
std::atomic<int> refused = 0;
std::atomic<int> busy = 0;

/// Its destructor says whether a thread was unwound.
struct Witness {
  bool done = false;
  ~Witness() {
    if (!done) fail("a thread was unwound");
  }
};

std::mutex mutex;
adder::PyMutex<int> counted(0);
constinit PyOnceLock<Py<PyAny>> forever;

/// @param staying  Whether some threads stay attached, but for allow_threads: they are parked in the end.
void work(int number, bool staying, const Py<PyList>& shared) {
  Witness witness;
  ++busy;
  try {
    switch (number % kinds) {
      case 0:
        for (;;) Python::with_gil([](Python py) { py.run("sum(range(200))"); });
      case 1:
        for (;;) {
          Python::with_gil([](Python py) {
            for (int i = 0; i < 3; ++i) py.allow_threads([] { std::this_thread::yield(); });
          });
        }
      case 2:
        if (staying) {
          Python::with_gil([](Python py) {
            for (;;) py.allow_threads([] { std::this_thread::sleep_for(std::chrono::microseconds(100)); });
          });
        }
        for (;;) Python::with_gil([](Python py) { py.run("import time; time.sleep(0.0001)"); });
      case 3:
        for (;;) {
          Python::with_gil([](Python py) {
            const auto lock = lock_attached(py, mutex);
            py.run("import time; time.sleep(0)");
          });
        }
      case 4:
        for (;;) {
          Python::with_gil([](Python py) {
            (void)forever.get_or_init(py, [&] { return py.import("decimal").getattr("Decimal").unbind(); });
            PyOnceLock<Py<PyAny>> lock;
            (void)lock.get_or_init(py, [&] { return py.eval("object()").unbind(); });
          });
        }
      case 5:
        for (;;) {
          std::vector<Py<PyAny>> dropped;
          Python::with_gil([&](Python py) {
            for (int i = 0; i < 20; ++i) dropped.push_back(py.eval("Mortal()").unbind());
            dropped.emplace_back(shared.clone_ref(py));
          });
        }
      case 6:
        for (;;) {
          Python::with_gil([](Python py) {
            auto value = counted.lock(py);
            ++*value;
            py.allow_threads([] {});
          });
        }
      default:
        for (;;) {
          const GILGuard guard = Python::acquire_gil();
          try {
            guard.python().run("import nothing_of_that_name");
          } catch (const PyErr& error) {
            (void)error.what();
          }
        }
    }
  } catch (const InterpreterUnavailable&) {
    ++refused;
  } catch (const PyErr& error) {
    fail(error.what());
  }
  check(!Python::try_with_gil([](Python) {}), "once it is no, it stays no");
  witness.done = true;
}

/// Waits for all but those that are parked.
void wait_for(std::vector<std::thread>& threads, bool staying) {
  now_at = "threads that are to be told";
  for (int i = 0; i < thread_count; ++i) {
    auto& thread = threads[static_cast<std::size_t>(i)];
    if (staying && i % kinds == 2) {
      thread.detach();
    } else {
      thread.join();
    }
  }
  check_equal(refused, staying ? thread_count - thread_count / kinds : thread_count, "threads that were told");
}

void shut_down(int repetition) {
  const bool staying = repetition % 5 == 0;
  std::vector<std::thread> threads;
  // Never freed: threads that are parked have it.
  auto* shared = new std::optional<Py<PyList>>;
  Python::with_gil([&](Python py) {
    py.run("class Mortal:\n  def __del__(self): pass");
    *shared = Py<PyList>(PyList::empty(py));
    for (int i = 0; i < thread_count; ++i) threads.emplace_back(work, i, staying, std::cref(**shared));
    py.allow_threads_unchecked([=] {
      await([] { return busy == thread_count; });
      std::this_thread::sleep_for(std::chrono::microseconds(700 * repetition));
    });
  });
  now_at = "finalization";
  if (repetition % 2 == 0) {
    finalize();
    wait_for(threads, staying);
  } else {
    Python::with_gil([&](Python) {
      // From a thread that has passed the gate itself, and cannot leave: there is nothing to detach from.
      check_equal(Py_FinalizeEx(), 0, "the result of Py_FinalizeEx");
      wait_for(threads, staying);
      std::_Exit(0);
    });
  }
}

}  // namespace

int main(int argc, char** argv) {
  watch();
  if (argc > 1) {
    shut_down(std::atoi(argv[1]));
    return 0;
  }
  std::vector<pid_t> children;
  for (int repetition = 0; repetition < repetitions; ++repetition) {
    children.push_back(start_again(argv[0], std::to_string(repetition)));
    if (children.size() == at_once || repetition + 1 == repetitions) {
      for (const pid_t child : children)
        check_equal(outcome_of(child), 0, "how a process ended, up to number " + std::to_string(repetition));
      children.clear();
    }
  }
}
