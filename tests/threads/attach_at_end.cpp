// SPDX-License-Identifier: MIT
// Threads that ask for the GIL just before the interpreter ends, and wait for it when finalization begins: they get it,
// or are told no. None of them sleeps for good. A process for each case.
#include "threads/check.hpp"

#include <atomic>
#include <chrono>
#include <cstdlib>
#include <string>
#include <thread>
#include <vector>

using namespace adder;
using namespace test;

namespace {

using std::chrono::milliseconds;

constexpr int thread_count = 8;
/// Without the callback of adder's only CPython can keep finalization from beginning: from 3.15 on.
constexpr bool cpython_waits = PY_VERSION_HEX >= 0x030F0000;
/// Without a GIL CPython 3.13 frees a thread state that another thread is still making: PyGILState_Ensure() has put it
/// into the interpreter's list and waits in _Py_qsbr_register() when Py_FinalizeEx() takes it from there. Nobody but
/// adder's callback can keep finalization back, and before the first attachment there is none. So there is one first.
constexpr bool cpython_breaks = free_threaded && !cpython_waits;

std::atomic<int> asking = 0, attached = 0, refused = 0;
std::atomic<bool> takes_long = false;

void ask() {
  ++asking;
  const bool ran = Python::try_with_gil([](Python py) {
    check_equal(py.eval("6 * 7").extract<int>(), 42, "6 * 7");
    if (takes_long.exchange(false)) std::this_thread::sleep_for(milliseconds(3000));
  });
  if (ran) {
    ++attached;
  } else {
    ++refused;
  }
}

/// Where nobody waits for them, they sleep for good.
void come_to_an_end(std::vector<std::thread>& threads, bool all = true) {
  now_at = "threads that have asked";
  for (auto& thread : threads) {
    if (all) {
      thread.join();
    } else {
      thread.detach();
    }
  }
  if (all) check_equal(attached + refused, thread_count, "threads with an answer");
}

/// The caller holds the GIL, and goes on holding it.
std::vector<std::thread> threads_that_wait() {
  std::vector<std::thread> threads;
  for (int i = 0; i < thread_count; ++i) threads.emplace_back(ask);
  await([] { return asking == thread_count; });
  std::this_thread::sleep_for(milliseconds(cpython_breaks ? 500 : 50));  // They have their thread states.
  return threads;
}

/// The program has started Python by itself, and ends it: adder knows nothing of either until it is asked.
void the_first_of_all() {
  Py_InitializeEx(0);
  std::vector<std::thread> threads = threads_that_wait();
  now_at = "finalization";
  check_equal(Py_FinalizeEx(), 0, "the result of Py_FinalizeEx");
  come_to_an_end(threads, cpython_waits);
  if (cpython_waits && !free_threaded) check_equal(attached, thread_count, "threads that came in time");
}

/// The same at moments that are spread over the beginning of finalization.
void the_first_of_all_at_any_time(int number) {
  Py_InitializeEx(0);
  if (cpython_breaks) Python::with_gil([](Python) {});
  std::vector<std::thread> threads;
  for (int i = 0; i < thread_count; ++i) {
    threads.emplace_back([i, number] {
      std::this_thread::sleep_for(std::chrono::microseconds(i * number * 20));
      ask();
    });
  }
  std::this_thread::sleep_for(std::chrono::microseconds(number * 50));
  now_at = "finalization";
  check_equal(Py_FinalizeEx(), 0, "the result of Py_FinalizeEx");
  come_to_an_end(threads, cpython_waits || cpython_breaks);
}

/// Of the threads that have passed the gate the first to be attached keeps the GIL for longer than the gate waits.
void behind_one_that_takes_long() {
  Python::with_gil([](Python) {});
  PyGILState_Ensure();
  takes_long = !free_threaded;
  std::vector<std::thread> threads = threads_that_wait();
  now_at = "finalization";
  check_equal(Py_FinalizeEx(), 0, "the result of Py_FinalizeEx");
  come_to_an_end(threads);
  if (!free_threaded) check_equal(attached, thread_count, "threads that came in time");
}

/// `atexit._clear()` drops adder's callback, and the next attachment registers another one.
void without_callbacks() {
  Python::with_gil([](Python py) {
    const int before = py.eval("__import__('atexit')._ncallbacks()").extract<int>();
    py.run("import atexit; atexit._clear()");
    check_equal(py.eval("__import__('atexit')._ncallbacks()").extract<int>(), 0, "callbacks");
    check(before > 0, "there was a callback");
  });
  Python::with_gil(
      [](Python py) { check_equal(py.eval("__import__('atexit')._ncallbacks()").extract<int>(), 1, "callbacks"); });
  std::atomic<bool> ready = false;
  std::thread polling([&] {
    while (Python::try_with_gil([](Python) {})) ready = true;
  });
  await([&] { return ready.load(); });
  now_at = "finalization";
  finalize();
  now_at = "a thread that polls";
  polling.join();
  check_contains(refusal([] { Python::with_gil([](Python) {}); }), "was shut down");
}

/// Nobody attaches in between: the threads wait when the callback is gone.
void without_callbacks_and_waiting() {
  Python::with_gil([](Python) {});
  PyGILState_Ensure();
  check_equal(PyRun_SimpleString("import atexit; atexit._clear()"), 0, "the result of a script");
  std::vector<std::thread> threads = threads_that_wait();
  now_at = "finalization";
  check_equal(Py_FinalizeEx(), 0, "the result of Py_FinalizeEx");
  come_to_an_end(threads, cpython_waits);
}

void run(const std::string& name) {
  if (name == "first") return the_first_of_all();
  if (name == "long") return behind_one_that_takes_long();
  if (name == "clear") return without_callbacks();
  if (name == "waiting") return without_callbacks_and_waiting();
  the_first_of_all_at_any_time(std::stoi(name));
}

}  // namespace

int main(int argc, char** argv) {
  watch(60);
  if (argc > 1) {
    run(argv[1]);
    std::_Exit(0);
  }
  std::vector<std::string> names = {"first", "long", "clear", "waiting"};
  for (int number = 0; number < 20; ++number) names.push_back(std::to_string(number));
  for (const std::string& name : names) {
    check_equal(outcome_of(start_again(argv[0], name)), 0, "how the process ended of case " + name);
  }
}
