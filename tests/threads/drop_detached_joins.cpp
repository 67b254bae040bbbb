// SPDX-License-Identifier: MIT
// The destructor of a drop_detached class waits for a thread that needs the GIL. Whoever gives up the last reference,
// the thread gets it: Python code, the garbage collector, and an attach that releases what was dropped detached.
#include "adder/embed/embed.hpp"

#include "threads/check.hpp"

#include <atomic>
#include <optional>
#include <thread>
#include <type_traits>
#include <utility>
#include <vector>

using namespace adder;
using namespace test;

namespace {

std::atomic<int> born = 0, results = 0, refused = 0, destroyed = 0, destroyed_attached = 0;

/// Its thread attaches once the destructor has begun to wait for it.
class Worker {
 public:
  Worker() : Worker(std::nullopt) {}
  explicit Worker(std::optional<Py<PyAny>> other) : other_(std::move(other)) {
    ++born;
    thread_ = std::thread([this] {
      await([this] { return joining_.load(); });
      try {
        Python::with_gil([](Python py) { results += py.eval("6 * 7").extract<int>() == 42; });
      } catch (const InterpreterUnavailable&) {
        ++refused;
      }
    });
  }
  Worker(const Worker&) = delete;
  Worker& operator=(const Worker&) = delete;
  ~Worker() {
    if (adder::detail::is_attached()) ++destroyed_attached;
    joining_ = true;
    thread_.join();
    ++destroyed;
  }
  void link(const Bound<PyAny>& other) { other_ = Py<PyAny>(other); }

 private:
  friend struct adder::PyClass<Worker>;
  std::optional<Py<PyAny>> other_;
  std::atomic<bool> joining_ = false;
  std::thread thread_;
};

/// The same, derived from and with all options that have a part in how objects end.
class Foreman : public Worker {
 public:
  using Worker::Worker;
};

void begin(const char* place) {
  now_at = place;
  born = results = refused = destroyed = destroyed_attached = 0;
}
void all_ended(int wanted, int line = __builtin_LINE()) {
  check_equal(born, wanted, "workers that were made", line);
  check_equal(destroyed, wanted, "workers that ended", line);
  check_equal(results, wanted, "threads of theirs that got the GIL", line);
  check_equal(destroyed_attached, 0, "destructors that ran attached", line);
}

}  // namespace

template <>
struct adder::UngilTraits<Worker> : std::true_type {};
template <>
struct adder::UngilTraits<Foreman> : std::true_type {};
template <>
struct adder::PyClass<Worker> {
  static constexpr auto name = "Worker";
  static constexpr bool drop_detached = true, subclass = true;
  using fields = FieldList<&Worker::other_, &Worker::joining_, &Worker::thread_>;
  static void define(ClassBuilder<Worker>& cls) {
    cls.def_new<>();
    cls.def<&Worker::link>("link");
  }
};
template <>
struct adder::PyClass<Foreman> {
  using base = Worker;
  static constexpr auto name = "Foreman";
  static constexpr bool subclass = true, dict = true, weakref = true;
  static void define(ClassBuilder<Foreman>& cls) { cls.def_new<>(); }
};
ADDER_MODULE(works, m) {
  m.add_class<Worker>();
  m.add_class<Foreman>();
}

namespace {

void freed_from_python() {
  begin("freed from Python code");
  Python::with_gil([](Python py) {
    py.run(R"(
        import threading
        from works import Foreman, Worker

        class Sub(Foreman):
            pass

        def use(cls, times):
            for _ in range(times):
                first = cls()
                del first                # By a statement,
                [cls(), cls()].clear()   # by a list,
                try:
                    held = cls()         # by a frame that an exception leaves.
                    raise KeyError
                except KeyError:
                    held = None

        for cls in Worker, Foreman, Sub:
            use(cls, 5)
        threads = [threading.Thread(target=use, args=(cls, 5)) for cls in (Worker, Foreman, Sub)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    )");
  });
  all_ended(3 * 5 * 4 * 2);
}

void freed_by_the_collector() {
  begin("freed by the garbage collector");
  Python::with_gil([](Python py) {
    py.run(R"(
        import gc
        from works import Foreman, Worker

        gc.collect()
        for cls in Worker, Foreman, Sub:
            for _ in range(5):
                first, second = cls(), cls()
                first.link(second)
                second.link([first])
                alone = cls()
                alone.link(alone)
            del first, second, alone
            gc.collect()
        # By a collection that begins on its own, while other threads have Python code to run.
        stop = False
        def compute():
            while not stop:
                sum(range(100))
        threads = [threading.Thread(target=compute) for _ in range(2)]
        for thread in threads:
            thread.start()
        gc.set_threshold(1)
        for _ in range(10):
            alone = Worker()
            alone.link([alone])
        del alone
        gc.set_threshold(700)
        gc.collect()
        stop = True
        for thread in threads:
            thread.join()
    )");
  });
  all_ended(3 * 5 * 3 + 10);
}

void dropped_at_detach() {
  begin("dropped by a detached thread, released at an attach");
  constexpr int rounds = 20;
  for (int round = 0; round < rounds; ++round) {
    std::vector<Py<Worker>> first, second, third;
    Python::with_gil([&](Python py) {
      first.push_back(Bound<Worker>::new_(py).unbind());
      second.push_back(Bound<Worker>::new_(py).unbind());
      third.push_back(Bound<Worker>::new_(py, Py<PyAny>(Bound<Foreman>::new_(py))).unbind());
      py.allow_threads_unchecked([&] {
        first.clear();
        check_equal(destroyed, 4 * round, "workers that ended while everybody is detached");
      });
      check_equal(destroyed, 4 * round + 1, "workers that ended with allow_threads");
    });
    second.clear();
    std::thread([&] { third.clear(); }).join();
    check_equal(destroyed, 4 * round + 1, "workers that ended while everybody is detached");
    if (round % 2 == 0) {
      Python::with_gil([](Python) {});
    } else {
      std::thread([] { Python::with_gil([](Python) {}); }).join();
      // On free-threaded builds, what this thread has made may have to wait for it.
      Python::with_gil([](Python py) { py.run("pass"); });
    }
    check_equal(destroyed, 4 * round + 4, "workers that ended with with_gil");
  }
  all_ended(4 * rounds);
}

void many_threads() {
  begin("threads that drop what they share");
  constexpr int count = 8, rounds = 10;
  std::vector<std::thread> threads;
  for (int i = 0; i < count; ++i) {
    threads.emplace_back([] {
      for (int n = 0; n < rounds; ++n) {
        std::vector<Py<Worker>> kept;
        Python::with_gil([&](Python py) {
          kept.push_back(Bound<Worker>::new_(py).unbind());
          const auto second = Bound<Foreman>::new_(py);
        });
        kept.clear();
      }
      Python::with_gil([](Python) {});
    });
  }
  join(threads);
  Python::with_gil([](Python) {});
  // The last ones may have been taken off the queue by a thread that waits for them still; all threads are joined.
  all_ended(2 * count * rounds);
}

}  // namespace

int main() {
  watch();
  append_to_inittab("works", PyInit_works);
  freed_from_python();
  freed_by_the_collector();
  dropped_at_detach();
  many_threads();

  begin("freed at the end of the interpreter");
  Python::with_gil([](Python py) { py.run("from works import Worker\nlast_one = Worker()"); });
  finalize();
  check_equal(destroyed, 1, "workers that ended with the interpreter");
  check_equal(refused, 1, "threads of theirs that were told that it is too late");
  check_equal(destroyed_attached, 0, "destructors that ran attached");
}
