// SPDX-License-Identifier: MIT
// The last owner of an object dies on a thread that was never attached: `__del__` runs once, at the next attach of
// anybody. While the interpreter shuts down and afterwards it runs once or not at all, and nothing crashes.
#include "adder/embed/embed.hpp"
#include "adder/token/gil_guard.hpp"

#include "threads/check.hpp"

#include <atomic>
#include <chrono>
#include <optional>
#include <thread>
#include <utility>
#include <vector>

using namespace adder;
using namespace test;

namespace {

constexpr int mortals = 200'000;
/// How often `__del__` has run. Looked at when Python is gone.
std::atomic<int> deaths[mortals];
std::atomic<int> born = 0;

void bury(int number) { ++deaths[number]; }

/// Not in `__main__`, which goes in the end only if nothing that is leaked refers to it.
std::optional<Py<PyAny>> mortal_type;
void make_type(Python py) {
  const auto names = PyDict::new_(py);
  py.run(R"(
      import graveyard
      class Mortal:
          def __init__(self, number):
              self.number = number
          def __del__(self, bury=graveyard.bury):
              bury(self.number)
  )",
         names);
  mortal_type = Py<PyAny>(*names.get_item("Mortal"));
}

struct Mortal {
  int number;
  Py<PyAny> object;
};
Mortal make_mortal(Python py) {
  const int number = born++;
  check(number < mortals, "there are enough numbers");
  return {number, mortal_type->bind(py).call(number).unbind()};
}
/// Calls @p f on a thread that has ended by then. On free-threaded builds an object whose last reference goes elsewhere
/// has to wait for the thread that made it, unless that has ended.
template <class F>
void on_another_thread(F&& f) {
  std::thread([&f] { Python::with_gil(std::forward<F>(f)); }).join();
}
Mortal make_mortal() {
  std::optional<Mortal> made;
  on_another_thread([&](Python py) { made = make_mortal(py); });
  return std::move(*made);
}
/// Drops its last reference on a new thread.
void drop_elsewhere(Mortal&& mortal) {
  std::thread([dropped = std::move(mortal)] { (void)dropped; }).join();
}

// --- While Python runs -----------------------------------------------------------------------------------------------

template <class Attach>
void dies_when(const char* how, Attach attach) {
  now_at = how;
  Mortal mortal = make_mortal();
  const int number = mortal.number;
  drop_elsewhere(std::move(mortal));
  check_equal(deaths[number], 0, "times that __del__ has run before anybody attaches");
  attach(number);
  check_equal(deaths[number], 1, how);
}

void is_released_at_the_next_attach() {
  dies_when("with_gil", [](int number) {
    Python::with_gil([=](Python) { check_equal(deaths[number], 1, "times that __del__ has run by now"); });
  });
  dies_when("try_with_gil", [](int number) {
    check(Python::try_with_gil([=](Python) { check_equal(deaths[number], 1, "times that __del__ has run by now"); }),
          "try_with_gil says yes");
  });
  dies_when("acquire_gil", [](int) { const GILGuard guard = Python::acquire_gil(); });
  dies_when("with_gil of another thread", [](int) { std::thread([] { Python::with_gil([](Python) {}); }).join(); });
  dies_when("with_gil of a thread that Python has made", [](int) {
    const PyGILState_STATE state = PyGILState_Ensure();
    const int result = PyRun_SimpleString(
        "import threading, graveyard\n"
        "thread = threading.Thread(target=graveyard.attach)\n"
        "thread.start()\n"
        "thread.join()");
    PyGILState_Release(state);
    check_equal(result, 0, "the result of the script");
  });

  now_at = "the end of allow_threads";
  Python::with_gil([](Python py) {
    Mortal mortal = make_mortal(py);
    const int number = mortal.number;
    py.allow_threads(
        [](Mortal& own) {
          const int its_number = own.number;
          drop_elsewhere(std::move(own));
          check_equal(deaths[its_number], 0, "times that __del__ has run within allow_threads");
        },
        mortal);
    check_equal(deaths[number], 1, "times that __del__ has run after allow_threads");
    // Here too: this thread keeps the GIL, and the other has none.
    Mortal second = make_mortal(py);
    const int its_number = second.number;
    drop_elsewhere(std::move(second));
    check_equal(deaths[its_number], 0, "times that __del__ has run before anybody attaches");
    Python::with_gil([](Python) {});
    check_equal(deaths[its_number], 1, "times that __del__ has run after a nested with_gil");
  });

  now_at = "a thread that was attached once";
  std::atomic<int> number = 0;
  std::thread([&] {
    static thread_local std::optional<Mortal> until_the_thread_ends;
    until_the_thread_ends = make_mortal();
    number = until_the_thread_ends->number;
  }).join();
  check_equal(deaths[number], 0, "times that __del__ has run before anybody attaches");
  Python::with_gil([](Python) {});
  check_equal(deaths[number], 1, "times that __del__ has run");
}

void many_threads_drop_while_others_attach() {
  now_at = "sixteen threads that drop";
  constexpr int droppers = 16, each = 1000;
  const int first = born;
  std::vector<std::vector<Mortal>> all(droppers);
  on_another_thread([&](Python py) {
    for (auto& part : all) {
      for (int i = 0; i < each; ++i) part.push_back(make_mortal(py));
    }
  });
  std::atomic<int> running = droppers;
  std::atomic<int> ready = 0;
  std::vector<std::thread> threads;
  for (auto& part : all) {
    threads.emplace_back([&] {
      ++ready;
      while (ready != droppers) std::this_thread::yield();  // Who sleeps here would begin when the others are done.
      while (!part.empty()) part.pop_back();
      --running;
    });
  }
  for (int i = 0; i < 4; ++i) {
    threads.emplace_back([&running, i] {
      while (running != 0) {
        Python::with_gil([i](Python py) {
          if (i % 2 == 0) py.allow_threads([] { std::this_thread::yield(); });
        });
      }
    });
  }
  join(threads);
  Python::with_gil([](Python) {});
  for (int i = first; i < first + droppers * each; ++i) check_equal(deaths[i], 1, "times that __del__ has run");
}

// --- While it shuts down, and after ----------------------------------------------------------------------------------

/// The last check of all: declared first, it is destroyed last.
struct LastCheck {
  bool finalized = false;
  ~LastCheck() {
    if (!finalized) return;
    for (int i = 0; i < born; ++i) check(deaths[i] <= 1, "no __del__ has run twice");
  }
};
LastCheck last_check;

std::optional<Mortal> in_a_static;
std::optional<Mortal> for_early_hook, for_late_hook, for_teardown;

void drop_in_thread(std::optional<Mortal>& mortal) {
  if (!mortal) return;
  std::thread([&mortal] { mortal.reset(); }).join();
}
void early_hook() { drop_in_thread(for_early_hook); }
void late_hook() { drop_in_thread(for_late_hook); }
void teardown_hook() { drop_in_thread(for_teardown); }

/// @param alone  No other thread is there to release what was dropped.
void drop_during_and_after_the_end(bool alone) {
  now_at = "finalization";
  std::vector<Mortal> just_before;
  on_another_thread([&](Python py) {
    for (int i = 0; i < 100; ++i) just_before.push_back(make_mortal(py));
    in_a_static = make_mortal(py);
    for_early_hook = make_mortal(py);
    for_late_hook = make_mortal(py);
    for_teardown = make_mortal(py);
    py.run(R"(
        import atexit, graveyard
        late.append(graveyard.late_hook)
        atexit.register(graveyard.early_hook)
        class Teardown:
            def __del__(self, hook=graveyard.teardown_hook):
                hook()
        teardown = Teardown()
    )");
  });
  const int early_hook_number = for_early_hook->number;

  std::atomic<bool> done = false;
  std::vector<std::vector<Mortal>> for_threads(4);
  std::vector<std::thread> threads;
  on_another_thread([&](Python py) {
    for (auto& part : for_threads) {
      for (int i = 0; i < 2000; ++i) part.push_back(make_mortal(py));
    }
  });
  if (!alone) {
    for (auto& part : for_threads) {
      threads.emplace_back([&done, &part] {
        while (!part.empty()) {
          part.pop_back();
          if (!done) std::this_thread::sleep_for(std::chrono::microseconds(20));
        }
      });
    }
    threads.emplace_back([] {
      while (Python::try_with_gil([](Python) {})) std::this_thread::yield();
      check(!Python::try_with_gil([](Python) {}), "once it is no, it stays no");
    });
  }

  const int first = just_before.front().number;
  std::thread([&] { just_before.clear(); }).join();
  finalize();
  done = true;
  join(threads);
  for (int i = first; i < first + 100; ++i) {
    check_equal(deaths[i], 1, "times that __del__ has run of what was dropped before the end");
  }
  check_equal(deaths[early_hook_number], 1, "times that __del__ has run of what an early atexit callback dropped");
  check(!for_late_hook, "the late atexit callback has run");
  check(!for_teardown, "the __del__ of a global has run");
  last_check.finalized = true;  // in_a_static is dropped after main.
}

}  // namespace

ADDER_MODULE(graveyard, m, gil_not_used) {
  m.def<&bury>("bury");
  m.def<[] { Python::with_gil([](Python) {}); }>("attach");
  m.def<&early_hook>("early_hook");
  m.def<&late_hook>("late_hook");
  m.def<&teardown_hook>("teardown_hook");
}

int main() {
  watch();
  const pid_t child = fork();
  const bool alone = child == 0;
  if (alone) watch();
  append_to_inittab("graveyard", PyInit_graveyard);
  Py_InitializeEx(0);
  // Before adder knows of the interpreter: so it runs after adder's own callback.
  const int result = PyRun_SimpleString(
      "import atexit\n"
      "late = []\n"
      "atexit.register(lambda: late[0]())\n");
  PyEval_SaveThread();
  check_equal(result, 0, "the result of the script");
  Python::with_gil(make_type);
  is_released_at_the_next_attach();
  for (int round = 0; round < 10; ++round) many_threads_drop_while_others_attach();
  drop_during_and_after_the_end(alone);
  if (!alone) check_equal(outcome_of(child), 0, "how the process without other threads ended");
}
