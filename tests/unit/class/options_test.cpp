// SPDX-License-Identifier: MIT
// What the options of a class change: frozen, sync, unsendable, unsafe_send, drop_detached.
#include "adder/class/options.hpp"

#include "adder/adder.hpp"
#include "adder/stl/string.hpp"
#include "support/errors.hpp"
#include "support/refcount.hpp"
#include "support/threads.hpp"

#include <gtest/gtest.h>

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <mutex>
#include <optional>
#include <stdexcept>
#include <string>
#include <thread>
#include <type_traits>
#include <utility>
#include <vector>

using namespace adder;

namespace {

using test::await;
using test::count;
using test::error_elsewhere;
using test::error_of;
using test::fresh;
using test::Watchdog;

struct AtomicPair {
  AtomicPair(std::int32_t first, std::int32_t second) : x(first), y(second) {}
  std::int32_t get_x() const { return x.load(std::memory_order_relaxed); }
  std::int32_t get_y() const { return y.load(std::memory_order_relaxed); }
  void set_y(std::int32_t value) const { y.store(value, std::memory_order_relaxed); }
  std::atomic<std::int32_t> x;
  mutable std::atomic<std::int32_t> y;
};

class LockedPair {
 public:
  LockedPair(std::int32_t x, std::int32_t y) : x_(x), y_(y) {}
  std::int32_t sum() const {
    const std::lock_guard lock(mutex_);
    return x_ + y_;
  }
  void move_to_y(std::int32_t amount) const {
    const std::lock_guard lock(mutex_);
    x_ -= amount;
    y_ += amount;
  }

 private:
  mutable std::mutex mutex_;
  mutable std::int32_t x_, y_;
};

struct Tally {
  mutable std::atomic<std::int64_t> total{0};
};
struct OneThread {
  int value = 0;
};
struct FrozenOneThread {
  int value = 0;
};

/// Holds what is tied to the GIL, on its author's word.
struct Sworn {
  std::optional<Bound<PyAny>> handle;
};

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
struct adder::PyClass<AtomicPair> {
  static constexpr auto name = "AtomicPair";
  static constexpr bool frozen = true, sync = true;
  static void define(ClassBuilder<AtomicPair>& cls) {
    cls.def_new<std::int32_t, std::int32_t>();
    cls.def<&AtomicPair::get_x>("get_x");
    cls.def<&AtomicPair::set_y>("set_y");
  }
};
template <>
struct adder::PyClass<LockedPair> {
  static constexpr auto name = "LockedPair";
  static constexpr bool frozen = true, sync = true;
  static void define(ClassBuilder<LockedPair>& cls) {
    cls.def_new<std::int32_t, std::int32_t>();
    cls.def<&LockedPair::sum>("sum");
    cls.def<&LockedPair::move_to_y>("move_to_y");
  }
};
template <>
struct adder::PyClass<Tally> {
  static constexpr auto name = "Tally";
  static constexpr bool frozen = true;
  static void define(ClassBuilder<Tally>&) {}
};
template <>
struct adder::PyClass<OneThread> {
  static constexpr auto name = "OneThread";
  static constexpr bool unsendable = true;
  static void define(ClassBuilder<OneThread>& cls) { cls.field<&OneThread::value>("value"); }
};
template <>
struct adder::PyClass<FrozenOneThread> {
  static constexpr auto name = "FrozenOneThread";
  static constexpr bool unsendable = true, frozen = true;
  static void define(ClassBuilder<FrozenOneThread>&) {}
};
template <>
struct adder::PyClass<Sworn> {
  static constexpr auto name = "Sworn";
  static constexpr bool unsafe_send = true;
  static void define(ClassBuilder<Sworn>&) {}
};
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

TEST(ClassOptions, atomics_and_locks_in_frozen_classes_take_calls_of_all_threads) {
  Python::with_gil([](Python py) {
    const auto atomics = Bound<AtomicPair>::new_(py, 3, 0);
    const auto locked = Bound<LockedPair>::new_(py, 1000, 0);
    const auto names = PyDict::new_(py, kw("atomics"_s) = atomics, kw("locked"_s) = locked);
    py.run(R"(
        import threading

        def work(number):
            for _ in range(50):
                atomics.set_y(number)
                locked.move_to_y(1)
                assert atomics.get_x() == 3 and locked.sum() == 1000

        threads = [threading.Thread(target=work, args=(number,)) for number in range(1, 5)]
        for thread in threads: thread.start()
        for thread in threads: thread.join()
    )",
           names);
    EXPECT_GT(atomics.get().get_y(), 0);
    EXPECT_EQ(locked.get().sum(), 1000);
  });
}

// REFERENCE_ROUNDS: 60. With threads that wait for each other.

TEST(ClassOptions, frozen_values_are_used_without_being_attached) {
  constexpr int threads = 8, rounds = 100'000;
  const Py<Tally> tally = Python::with_gil([](Python py) { return Py<Tally>::new_(py); });
  std::vector<std::thread> running;
  for (int i = 0; i < threads; ++i) {
    running.emplace_back([&tally] {
      for (int n = 0; n < rounds; ++n) tally.get().total.fetch_add(1, std::memory_order_relaxed);
    });
  }
  for (std::thread& thread : running) thread.join();
  EXPECT_EQ(tally.get().total.load(), std::int64_t{threads} * rounds);
  Python::with_gil([&](Python py) { EXPECT_EQ(count(tally.bind(py)), 1); });
}

TEST(ClassOptions, unsendable_objects_are_for_the_thread_that_made_them) {
  Python::with_gil([](Python py) {
    const auto object = Py<OneThread>::new_(py, 5);
    const auto frozen = Py<FrozenOneThread>::new_(py, 6);
    constexpr auto text = "RuntimeError: 'OneThread' object is unsendable: only the thread that made it may use it";
    constexpr auto frozen_text =
        "RuntimeError: 'FrozenOneThread' object is unsendable: only the thread that made it may use it";
    EXPECT_EQ(error_elsewhere(py, [&](Python there) { (void)object.bind(there).borrow(); }), text);
    EXPECT_EQ(error_elsewhere(py, [&](Python there) { (void)object.bind(there).borrow_mut(); }), text);
    EXPECT_EQ(error_elsewhere(py, [&](Python there) { (void)object.bind(there).getattr("value"_s); }), text);
    EXPECT_EQ(error_elsewhere(py, [&](Python there) { object.bind(there).setattr("value"_s, 1); }), text);
    EXPECT_EQ(error_elsewhere(py, [&](Python there) { (void)object.extract<PyRef<OneThread>>(there); }), text);
    EXPECT_EQ(error_elsewhere(py, [&](Python there) { (void)object.extract<OneThread>(there); }), text);
    EXPECT_EQ(error_elsewhere(py, [&](Python there) { (void)frozen.bind(there).get(); }), frozen_text);
    EXPECT_EQ(error_elsewhere(py, [&](Python there) { (void)frozen.bind(there).borrow(); }), frozen_text);
    EXPECT_EQ(object.bind(py).borrow()->value, 5);
    EXPECT_EQ(frozen.bind(py).get().value, 6);
    {
      const auto writer = object.bind(py).borrow_mut();  // Whose it is comes first.
      EXPECT_EQ(error_elsewhere(py, [&](Python there) { (void)object.bind(there).borrow(); }), text);
    }
  });
}

TEST(ClassOptions, an_unsendable_value_that_dies_on_another_thread_is_reported) {
  Python::with_gil([](Python py) {
    const auto sys = py.import("sys");
    const auto texts = PyList::empty(py);
    const auto hook = sys.getattr("unraisablehook"_s);
    sys.setattr("unraisablehook"_s, py.eval("lambda texts: lambda it: texts.append(str(it.exc_value))").call(texts));
    {
      std::optional<Py<OneThread>> foreign;
      EXPECT_EQ(error_elsewhere(py, [&](Python there) { foreign = Py<OneThread>::new_(there, 1); }), "no error");
      EXPECT_EQ(error_of([&] { (void)foreign->bind(py).borrow(); }),
                "RuntimeError: 'OneThread' object is unsendable: only the thread that made it may use it");
      EXPECT_EQ(texts.len(), 0U);
    }
    sys.setattr("unraisablehook"_s, hook);
    ASSERT_EQ(texts.len(), 1U);
    EXPECT_EQ(texts.get_item(0).extract<std::string>(),
              "'builtins.OneThread' object is unsendable, but its last reference went on another thread: the value is "
              "leaked");
  });
}

TEST(ClassOptions, unsafe_send_takes_the_authors_word) {
  Python::with_gil([](Python py) {
    const auto kept = test::fresh(py);
    {
      const auto sworn = Bound<Sworn>::new_(py);
      sworn.borrow_mut()->handle = kept;
      EXPECT_EQ(count(kept), 2);
    }
    EXPECT_EQ(count(kept), 1);
  });
}

// --- drop_detached
// -----------------------------------------------------------------------------------------------------

TEST(ClassOptions, a_destructor_without_the_gil_may_wait_for_a_thread_that_needs_it) {
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

TEST(ClassOptions, a_pending_exception_survives_a_destructor_without_the_gil) {
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

TEST(ClassOptions, a_handle_that_dies_detached_takes_the_object_with_it_at_the_next_attach) {
  const Watchdog watchdog("a Py that dies on a detached thread");
  Python::with_gil([](Python py) {
    forget_drops();
    auto handle = std::make_optional(Bound<Worker>::new_(py).unbind());
    py.allow_threads_unchecked([&] { handle.reset(); });
    EXPECT_EQ(dropped, 1);
    EXPECT_EQ(dropped_attached, 0);
  });
}

TEST(ClassOptions, a_chain_of_objects_dropped_detached_goes_one_by_one) {
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

TEST(ClassOptions, objects_of_every_shape_are_dropped_detached) {
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

TEST(ClassOptions, a_freelist_gets_objects_back_whose_destructor_attached_itself) {
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

TEST(ClassOptions, what_was_never_built_is_not_dropped) {
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

TEST(ClassOptions, many_threads_drop_workers_at_once) {
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
