// SPDX-License-Identifier: MIT
// Threads that Python knows nothing of: they attach all at once, and drop handles and errors while they are detached
// and others attach.
#include "adder/adder.hpp"
#include "adder/stl/functional.hpp"

#include <atomic>
#include <barrier>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <functional>
#include <optional>
#include <string_view>
#include <thread>
#include <vector>

using namespace adder;

namespace {

constexpr int threads = 4;
int rounds = 50'000;  // For each thread; fewer than that miss races.

void require(bool right, const char* what) {
  if (right) return;
  std::fprintf(stderr, "not as expected: %s\n", what);
  std::_Exit(1);
}

/// Runs `f(number)` in each thread; all begin at once.
template <class F>
void race(const char* what, F f) {
  std::printf("%s ... ", what);
  std::fflush(stdout);
  const auto begun = std::chrono::steady_clock::now();
  std::barrier start(threads);
  std::vector<std::thread> running;
  for (int number = 0; number < threads; ++number) {
    running.emplace_back([&, number] {
      start.arrive_and_wait();
      f(number);
    });
  }
  for (auto& thread : running) thread.join();
  std::printf("%.1f s\n", std::chrono::duration<double>(std::chrono::steady_clock::now() - begun).count());
}

struct Probe {
  ~Probe() { live.fetch_sub(1, std::memory_order_relaxed); }
  Probe() { live.fetch_add(1, std::memory_order_relaxed); }
  Probe(const Probe&) : Probe() {}
  Probe& operator=(const Probe&) = default;
  inline static std::atomic<int> live = 0;
};

}  // namespace

template <>
struct adder::PyClass<Probe> {
  static constexpr auto name = "Probe";
  static void define(ClassBuilder<Probe>& cls) { cls.def_new<>(); }
};

int main() {
  if (const char* wanted = std::getenv("ADDER_STRESS_ROUNDS")) rounds = std::atoi(wanted);

  // Here, as CPython 3.13 without a GIL cannot be ended by another thread than the one that started it.
  Python::prepare_freethreaded_python();
  std::atomic<int> right = 0;
  race("the first attach, name, import and class", [&](int) {
    Python::with_gil([&](Python py) {
      const auto probe = Bound<Probe>::new_(py);
      right += py.import("math").call_method("floor"_s, 2.5).extract<int>() == 2;
      right += probe.is_instance_of<Probe>();
    });
  });
  require(right == 2 * threads, "each thread has had its turn");
  require(Python::with_gil([](Python) { return Probe::live.load(); }) == 0, "the first objects are gone");

  race("attach and detach", [](int) {
    for (int i = 0; i < rounds; ++i) Python::with_gil([](Python py) { py.allow_threads([] {}); });
  });

  std::optional<Py<PyAny>> shared = Python::with_gil([](Python py) { return py.eval("object()").unbind(); });
  const auto before = Python::with_gil([&](Python) { return Py_REFCNT(shared->as_ptr()); });
  race("handles dropped by the detached while others attach", [&](int number) {
    std::vector<Py<PyAny>> mine;
    for (int i = 0; i < rounds; ++i) {
      if (number % 2 == 0 && i % 16 != 0) {
        mine.clear();  // Detached.
        std::this_thread::yield();
        continue;
      }
      Python::with_gil([&](Python py) {
        mine.push_back(shared->clone_ref(py));
        mine.push_back(Bound<Probe>::new_(py).into_any().unbind());
        if (number % 2 != 0) mine.clear();  // Attached.
      });
    }
  });
  Python::with_gil([&](Python) {
    require(Probe::live == 0, "the deferred references were released");
    require(Py_REFCNT(shared->as_ptr()) == before, "no reference was lost");
  });
  Python::with_gil([&](Python) { shared.reset(); });

  race("errors copied and dropped by the detached", [&](int) {
    std::optional<PyErr> kept;
    for (int i = 0; i < rounds / 50; ++i) {
      kept.reset();
      Python::with_gil([&](Python py) {
        try {
          (void)py.import("math").call_method("sqrt"_s, -1);
        } catch (const PyErr& error) {
          kept = error;
        }
      });
      const PyErr copy = *kept;
      if (std::string_view(copy.what()).empty()) std::abort();
    }
  });

  // Each function is copied for the first time by all threads at once.
  using Function = std::function<int()>;
  std::vector<Function> functions;
  std::optional<Py<PyAny>> called;
  const auto callable_before = Python::with_gil([&](Python py) {
    called = py.import("functools").call_method("partial"_s, py.import("builtins").getattr("int"_s)).unbind();
    const auto count = Py_REFCNT(called->as_ptr());
    for (int i = 0; i < rounds / 10; ++i) functions.push_back(called->bind(py).extract<Function>());
    return count;
  });
  race("functions copied and dropped by the detached", [&](int number) {
    std::vector<Function> mine;
    for (const Function& function : functions) {
      mine.push_back(function);
      if (number % 2 == 0) mine.clear();
    }
    Python::with_gil([&](Python) { require(mine.empty() || mine.back()() == 0, "a copy can be called"); });
  });
  functions.clear();
  Python::with_gil([&](Python) {
    require(Py_REFCNT(called->as_ptr()) == callable_before, "all copies have given up one reference");
    called.reset();
  });

  PyGILState_Ensure();
  return Py_FinalizeEx() == 0 ? 0 : 2;
}
