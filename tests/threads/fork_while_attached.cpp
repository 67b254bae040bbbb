// SPDX-License-Identifier: MIT
// A thread forks while others are attached, wait in with_gil or are inside allow_threads. Those are gone in the child,
// where the thread that forked goes on as usual and ends the interpreter without waiting for them.
#include "adder/token/gil_guard.hpp"
#include "threads/check.hpp"

#include <pthread.h>

#include <atomic>
#include <chrono>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <optional>
#include <string>
#include <thread>
#include <vector>

using namespace adder;
using namespace test;

namespace {

enum Outcome : int { fast = 0, slow = 3 };
#if defined(__SANITIZE_ADDRESS__)
constexpr bool under_asan = true;
#else
constexpr bool under_asan = false;
#endif

// Until 3.12 PyOS_AfterFork_Child waits for a lock that a thread may have been holding which was making a thread state
// or deleting its own. Inside another attachment nobody does so.
constexpr bool free_to_come_and_go = PY_VERSION_HEX >= 0x030D0000 && !free_threaded;
// On free-threaded builds the locks of dicts stay locked in the child which other threads held.
constexpr bool runs_python_code = !free_threaded;

std::atomic<bool> stop = false;
std::atomic<int> busy = 0;
bool of_main_thread = false;

void nap() { std::this_thread::sleep_for(std::chrono::microseconds(300)); }

/// What the threads do that are everywhere at once.
void do_something(int kind, const Py<PyAny>& shared) {
  switch (kind % 4) {
    case 0:  // Attached for long.
      Python::with_gil([](Python py) {
        nap();
        if (runs_python_code) py.run("for _ in range(2000): pass");
      });
      break;
    case 1:  // Mostly waiting.
      Python::with_gil([](Python py) {
        if (runs_python_code) (void)py.eval("1 + 1");
      });
      break;
    case 2:
      Python::with_gil([](Python py) { py.allow_threads([] { nap(); }); });
      break;
    default: {  // Drops while detached.
      const Py<PyAny> dropped = Python::with_gil([&](Python py) { return shared.clone_ref(py); });
    }
  }
}
void keep_busy(int kind) {
  std::optional<Py<PyAny>> own = Python::with_gil([](Python py) { return py.eval("object()").unbind(); });
  const auto work = [&] {
    ++busy;
    while (!stop) {
      do_something(kind, *own);
      if (free_threaded) nap();  // PyOS_BeforeFork waits until it has seen each thread detached.
    }
  };
  if constexpr (free_to_come_and_go) {
    work();
  } else {
    Python::with_gil([&](Python py) { py.allow_threads_unchecked(work); });
  }
}

/// What only the child does. Attached once or more, and so it stays until the process is gone.
[[noreturn]] void live_in_child(Python py, int line) {
  now_at = "a child";
  check_equal(py.eval("6 * 7").extract<int>(), 42, "6 * 7", line);
  check_equal(Python::with_gil([](Python inner) { return inner.eval("6 * 7").extract<int>(); }), 42, "6 * 7", line);
  py.allow_threads([] {
    check(Python::try_with_gil([](Python) {}), "try_with_gil says yes");
    std::thread([] {
      check_equal(Python::with_gil([](Python inner) { return inner.eval("6 * 7").extract<int>(); }), 42, "6 * 7");
    }).join();
  });
  std::optional<Py<PyAny>> mortal = py.eval("Mortal()").unbind();
  py.allow_threads_unchecked([&] { mortal.reset(); });
  py.run(R"(
      import threading, time
      thread = threading.Thread(target=time.sleep, args=(0.001,))
      thread.start()
      thread.join()
  )");
  check_equal(py.eval("died").extract<int>(), 1, "times that __del__ has run", line);

  now_at = "the end of the interpreter in a child";
  const auto begun = std::chrono::steady_clock::now();
  py.run("import atexit\natexit._run_exitfuncs()");
  // The gate would wait for threads inside for more than a second.
  const Outcome outcome = std::chrono::steady_clock::now() - begun < std::chrono::milliseconds(900) ? fast : slow;
  // From 3.12 on CPython cannot end in the child of another thread than the main one: it looks for that one's state.
  if (PY_VERSION_HEX < 0x030C0000 || of_main_thread) {
    check_equal(Py_FinalizeEx(), 0, "the result of Py_FinalizeEx", line);
    check(!Python::try_with_gil([](Python) {}), "after the end try_with_gil says no");
  }
  std::_Exit(outcome);
}

/// As os.fork does it.
pid_t fork_attached() {
  PyOS_BeforeFork();
  const pid_t child = fork();
  if (child == 0) {
    PyOS_AfterFork_Child();
  } else {
    PyOS_AfterFork_Parent();
  }
  return child;
}

pid_t fork_in_with_gil() {
  return Python::with_gil([](Python py) {
    const pid_t child = fork_attached();
    if (child == 0) live_in_child(py, __LINE__);
    return child;
  });
}
pid_t fork_in_nested_with_gil() {
  return Python::with_gil([](Python py) {
    return py.allow_threads([] {
      return Python::with_gil([](Python inner) {
        const GILGuard guard = Python::acquire_gil();
        const pid_t child = fork_attached();
        if (child == 0) live_in_child(inner, __LINE__);
        return child;
      });
    });
  });
}
pid_t fork_in_raw_ensure() {
  const PyGILState_STATE state = PyGILState_Ensure();
  const pid_t child = fork_attached();
  if (child == 0) Python::with_gil([](Python py) { live_in_child(py, __LINE__); });
  PyGILState_Release(state);
  return child;
}
/// The child detaches and attaches again before anything else.
pid_t fork_and_leave_with_gil() {
  const pid_t child = Python::with_gil([](Python) { return fork_attached(); });
  if (child == 0) Python::with_gil([](Python py) { live_in_child(py, __LINE__); });
  return child;
}
pid_t fork_by_python() {
  return Python::with_gil([](Python py) {
    const auto child = py.eval("os.fork()").extract<pid_t>();
    if (child == 0) live_in_child(py, __LINE__);
    return child;
  });
}

}  // namespace

int main() {
  if (under_tsan) {
    std::puts("nothing to test: the thread sanitizer starts no threads in a child");
    return 0;
  }
  watch();
  pthread_atfork(nullptr, nullptr, [] {
    now_at = "the begin of a child";
    alarm(20);
  });
  Python::with_gil([](Python py) {
    py.run(R"(
        import os, warnings
        warnings.simplefilter('ignore')  # 3.12 and newer warn of os.fork in a process with several threads.
        died = 0
        class Mortal:
            def __del__(self):
                global died
                died += 1
    )");
  });
  std::vector<std::thread> threads;
  for (int i = 0; i < 8; ++i) threads.emplace_back(keep_busy, i);
  await([] { return busy == 8; });

  struct Way {
    const char* name;
    pid_t (*fork)();
    int fast_ones = 0;
  } ways[] = {{"a fork in with_gil", fork_in_with_gil},
              {"a fork in nested attachments", fork_in_nested_with_gil},
              {"a fork between PyGILState_Ensure and Release", fork_in_raw_ensure},
              {"a fork in with_gil that the child leaves", fork_and_leave_with_gil},
              {"os.fork", fork_by_python}};
  int stuck = 0;
  for (int round = 0; round < 6; ++round) {
    for (Way& way : ways) {
      now_at = way.name;
      for (const bool on_main_thread : {false, true}) {
        // Until 3.11 CPython cannot make another thread state once the last one is gone, the main thread's too.
        if (!on_main_thread && way.fork == fork_and_leave_with_gil && PY_VERSION_HEX < 0x030C0000) continue;
        of_main_thread = on_main_thread;
        pid_t child = 0;
        if (on_main_thread) {
          child = way.fork();
        } else {
          std::thread([&] { child = way.fork(); }).join();
        }
        const int outcome = outcome_of(child);
        // The allocator of g++ 12's address sanitizer has locks of its own, which a child finds locked if a thread of
        // its parent was allocating at that moment. It then runs out of time.
        if (under_asan && outcome == 128 + SIGABRT && ++stuck <= 2) continue;
        check(outcome == fast || outcome == slow, "a child ends well: " + std::to_string(outcome));
        if (outcome == fast) ++way.fast_ones;
      }
      // A busy machine may be slow as well, but not each time.
      if (round == 1) check(way.fast_ones > 0, "a child's interpreter ends without waiting for its parent's threads");
    }
  }
  stop = true;
  now_at = "the parent's threads";
  join(threads);
  now_at = "the parent's end";
  finalize();
}
