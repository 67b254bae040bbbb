// SPDX-License-Identifier: MIT
// Eight threads are inside the initialiser of one GILOnceCell at once, and each lets go of the GIL there: one value is
// kept, everybody gets its address, and each of the others dies once. With PyOnceLock the initialiser runs once.
#include "adder/sync/once_lock.hpp"

#include "threads/check.hpp"

#include <atomic>
#include <barrier>
#include <functional>
#include <optional>
#include <stdexcept>
#include <thread>
#include <utility>
#include <vector>

using namespace adder;
using namespace test;

namespace {

constexpr int threads_each_time = 8;
// Without a GIL threads wait for each other in CPython with sched_yield(), which takes its time on a busy machine.
constexpr int rounds = times(free_threaded ? 200 : 1000);

/// Threads that do one thing at the same time, again and again.
class Crew {
 public:
  Crew() {
    for (int i = 0; i < threads_each_time; ++i) threads_.emplace_back([this, i] { live(i); });
  }
  ~Crew() {
    task_ = nullptr;
    begin_.arrive_and_wait();
    join(threads_);
  }
  Crew(const Crew&) = delete;
  Crew& operator=(const Crew&) = delete;

  /// Each thread calls @p task, attached, with its number. Called detached.
  void run(const std::function<void(Python, int)>& task) {
    task_ = &task;
    begin_.arrive_and_wait();
    end_.arrive_and_wait();
  }

 private:
  void live(int number) {
    for (;;) {
      begin_.arrive_and_wait();
      if (task_ == nullptr) return;
      Python::with_gil([&](Python py) { (*task_)(py, number); });
      end_.arrive_and_wait();
    }
  }
  std::barrier<> begin_{threads_each_time + 1};
  std::barrier<> end_{threads_each_time + 1};
  const std::function<void(Python, int)>* task_ = nullptr;
  std::vector<std::thread> threads_;
};

/// Comes back when all threads of a crew are in here.
void meet(Python py) {
  static std::barrier<> everybody{threads_each_time};
  py.allow_threads([] { everybody.arrive_and_wait(); });
}

/// A new Thing, from a module that sleeps while it is imported. The Thing notes when it dies.
Py<PyAny> make_thing(Python py) { return py.import("lets_go").getattr("Thing").call().unbind(); }

void define_things(Python py) {
  py.run(R"(
      import importlib.abc, importlib.machinery, itertools, sys, time

      died = []
      serial = itertools.count()

      class Thing:
          def __init__(self):
              self.number = next(serial)
          def __del__(self):
              died.append(self.number)

      class Finder(importlib.abc.MetaPathFinder, importlib.abc.Loader):
          def find_spec(self, name, path=None, target=None):
              return importlib.machinery.ModuleSpec(name, self) if name == 'lets_go' else None
          def create_module(self, spec):
              return None
          def exec_module(self, module):
              time.sleep(0.0001)
              module.Thing = Thing

      sys.meta_path.insert(0, Finder())

      def begin():
          global serial
          serial = itertools.count()
          died.clear()
          sys.modules.pop('lets_go', None)
      def dead():
          assert len(set(died)) == len(died), f'died twice: {sorted(died)}'
          return len(died)
      def made():
          return next(serial)
  )");
}
void begin() {
  Python::with_gil([](Python py) { py.run("begin()"); });
}
/// How many things have died since begin(), each of them once.
int dead() {
  return Python::with_gil([](Python py) { return py.eval("dead()").extract<int>(); });
}
/// How many were made since begin(), if asked once.
int made() {
  return Python::with_gil([](Python py) { return py.eval("made()").extract<int>(); });
}
void check_sole_owner(const Py<PyAny>& thing) {
  // There other threads' references are counted apart.
  if (!free_threaded) check_equal(Py_REFCNT(thing.as_ptr()), 1, "references to the value that was kept");
}

// --- GILOnceCell -----------------------------------------------------------------------------------------------------

using Cell = GILOnceCell<Py<PyAny>>;
constinit Cell shared_cell;

void race(Crew& crew, Cell& cell) {
  const Py<PyAny>* seen[threads_each_time] = {};
  ::PyObject* objects[threads_each_time] = {};
  crew.run([&](Python py, int i) {
    const Py<PyAny>& value = cell.get_or_init(py, [py] {
      meet(py);
      return make_thing(py);
    });
    seen[i] = &value;
    objects[i] = value.as_ptr();
  });
  for (int i = 0; i < threads_each_time; ++i) {
    check(seen[i] == cell.get_mut(), "every thread sees the cell's own value");
    check(objects[i] == cell.get_mut()->as_ptr(), "every thread sees one object");
  }
  check_sole_owner(*cell.get_mut());
}

void the_first_to_finish_wins(Crew& crew) {
  now_at = "GILOnceCell: a race for a static";
  begin();
  race(crew, shared_cell);
  check_equal(dead(), threads_each_time - 1, "losers that died");
  crew.run([](Python py, int) {
    (void)shared_cell.get_or_init(py, []() -> Py<PyAny> { fail("a full cell runs no initialiser"); });
  });

  now_at = "GILOnceCell: take and set";
  std::optional<Py<PyAny>> taken = shared_cell.take();
  check(taken.has_value() && !shared_cell.take() && shared_cell.get_mut() == nullptr, "take empties the cell");
  taken.reset();  // On a thread that is not attached.
  check_equal(dead(), threads_each_time, "dead things, the value that was taken included");

  begin();
  std::atomic<int> accepted = 0;
  crew.run([&](Python py, int) {
    Py<PyAny> mine = make_thing(py);
    ::PyObject* const object = mine.as_ptr();
    meet(py);
    const bool kept = shared_cell.set(py, std::move(mine));
    accepted += kept;
    if (!kept) check(mine.as_ptr() == object, "a refused value stays with the caller");
    check(shared_cell.get(py) != nullptr, "somebody's value is there");
  });
  check_equal(accepted, 1, "values that set accepted");
  check_equal(dead(), threads_each_time - 1, "refused values that died");
  check_sole_owner(*shared_cell.get_mut());
  Python::with_gil([](Python py) {
    *shared_cell.get_mut() = make_thing(py);
    check(shared_cell.get(py) == shared_cell.get_mut(), "get_mut is the value");
  });
  check_equal(dead(), threads_each_time, "dead things, the value that was overwritten included");
  (void)shared_cell.take();
}

/// Half of the threads throw, or all of them.
void throwing_initialisers(Crew& crew) {
  now_at = "GILOnceCell: initialisers that throw";
  begin();
  std::atomic<int> python_errors = 0, cpp_errors = 0;
  const auto race_and_throw = [&](bool all) {
    crew.run([&, all](Python py, int i) {
      try {
        (void)shared_cell.get_or_init(py, [&] {
          meet(py);
          Py<PyAny> thing = make_thing(py);
          if (i % 4 == 0) throw PyValueError::new_err("no value");
          if (all || i % 2 == 0) throw std::runtime_error("none either");
          return thing;
        });
      } catch (const PyErr& error) {
        check(error.is_instance_of<PyValueError>(py), "the error is the one that was thrown");
        ++python_errors;
      } catch (const std::runtime_error&) {
        ++cpp_errors;
      }
    });
  };
  race_and_throw(true);
  check(shared_cell.get_mut() == nullptr, "the cell stays empty");
  check_equal(python_errors, threads_each_time / 4, "Python exceptions");
  check_equal(cpp_errors, threads_each_time - threads_each_time / 4, "C++ exceptions");
  check_equal(dead(), threads_each_time, "things that died of an exception");

  begin();
  python_errors = cpp_errors = 0;
  race_and_throw(false);
  check_equal(python_errors + cpp_errors, threads_each_time / 2, "threads whose initialiser threw");
  check_equal(dead(), threads_each_time - 1, "things that died");
  check_sole_owner(*shared_cell.get_mut());
  (void)shared_cell.take();

  begin();
  race(crew, shared_cell);
  check_equal(dead(), threads_each_time - 1, "losers of the next try that died");
  (void)shared_cell.take();
}

void cells_that_are_members(Crew& crew) {
  now_at = "GILOnceCell: many cells";
  struct Owner {
    int before = 0;
    Cell cell;
  };
  for (int round = 0; round < rounds; ++round) {
    begin();
    {
      Owner owner;
      race(crew, owner.cell);
    }
    check_equal(dead(), threads_each_time, "things that died, with the cell");
  }
}

// --- PyOnceLock ------------------------------------------------------------------------------------------------------

using Lock = PyOnceLock<Py<PyAny>>;
constinit Lock shared_lock;

void race(Crew& crew, Lock& lock) {
  const Py<PyAny>* seen[threads_each_time] = {};
  std::atomic<int> runs = 0;
  crew.run([&](Python py, int i) {
    meet(py);
    seen[i] = &lock.get_or_init(py, [&] {
      ++runs;
      return make_thing(py);
    });
  });
  check_equal(runs, 1, "runs of the initialiser of a PyOnceLock");
  for (const auto* value : seen) check(value == lock.get_mut(), "every thread sees the lock's own value");
  check_sole_owner(*lock.get_mut());
  check_equal(dead(), 0, "things that died");
  check_equal(made(), 1, "things that were made");
}

void exactly_one_runs(Crew& crew) {
  now_at = "PyOnceLock: a race for a static";
  begin();
  race(crew, shared_lock);
  check(shared_lock.take().has_value() && !shared_lock.take(), "take empties the lock");
  check_equal(dead(), 1, "dead things, the one that was taken");

  now_at = "PyOnceLock: initialisers that throw";
  begin();
  std::atomic<int> runs = 0, at_once = 0, errors = 0;
  crew.run([&](Python py, int) {
    meet(py);
    try {
      (void)shared_lock.get_or_init(py, [&]() -> Py<PyAny> {
        ++runs;
        check_equal(++at_once, 1, "initialisers that run at once");
        const Py<PyAny> thing = make_thing(py);
        --at_once;
        throw std::runtime_error("no value");
      });
    } catch (const std::runtime_error&) {
      ++errors;
    }
  });
  check_equal(runs, threads_each_time, "initialisers that were tried, one after the other");
  check_equal(errors, threads_each_time, "exceptions");
  check(shared_lock.get_mut() == nullptr, "the lock stays empty");
  check_equal(dead(), threads_each_time, "things that died of an exception");

  begin();
  std::atomic<int> accepted = 0;
  crew.run([&](Python py, int) {
    Py<PyAny> mine = make_thing(py);
    meet(py);
    accepted += shared_lock.set(py, std::move(mine));
  });
  check_equal(accepted, 1, "values that set accepted");
  check_equal(dead(), threads_each_time - 1, "refused values that died");
  Python::with_gil([](Python py) { *shared_lock.get_mut() = make_thing(py); });
  check_equal(dead(), threads_each_time, "dead things, the value that was overwritten included");
  (void)shared_lock.take();

  now_at = "PyOnceLock: many locks";
  for (int round = 0; round < rounds; ++round) {
    begin();
    {
      Lock lock;
      race(crew, lock);
    }
    check_equal(dead(), 1, "things that died with their lock");
  }
}

}  // namespace

int main() {
  watch();
  Python::with_gil(define_things);
  Crew crew;
  the_first_to_finish_wins(crew);
  throwing_initialisers(crew);
  cells_that_are_members(crew);
  exactly_one_runs(crew);
}
