// SPDX-License-Identifier: MIT
// What test_threads.py needs: cells, locks, threads that Python does not know of, and ways to break the rules.
#include <adder/adder.hpp>
#include <adder/stl/optional.hpp>
#include <adder/stl/pair.hpp>
#include <adder/stl/string.hpp>
#include <adder/stl/vector.hpp>
#include <adder/sync/lock.hpp>
#include <adder/sync/once_lock.hpp>
#include <adder/sync/py_mutex.hpp>

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <csignal>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <exception>
#include <functional>
#include <mutex>
#include <optional>
#include <shared_mutex>
#include <stdexcept>
#include <string>
#include <thread>
#include <type_traits>
#include <utility>
#include <vector>

#include <unistd.h>

#if defined(__has_feature)
#if __has_feature(thread_sanitizer)
#define UNDER_THREAD_SANITIZER 1
#endif
#elif defined(__SANITIZE_THREAD__)
#define UNDER_THREAD_SANITIZER 1
#endif
#if !defined(UNDER_THREAD_SANITIZER)
#define UNDER_THREAD_SANITIZER 0
#endif

using namespace adder;
using namespace adder::literals;
using namespace std::chrono_literals;
using Any = Bound<PyAny>;
using Handle = Py<PyAny>;

namespace {

// --- Cells -----------------------------------------------------------------------------------------------------------

constexpr std::size_t static_cells = 32;
constinit GILOnceCell<Handle> cells[static_cells];
constinit PyOnceLock<Handle> once_locks[static_cells];
std::atomic<std::size_t> cells_in_use{0};

/// The same functions for a cell that lives as long as the process and for one that is a member.
template <class Cell>
class StaticCell {
 public:
  StaticCell() : index_(cells_in_use++) {
    if (index_ >= static_cells) throw std::length_error("no static cell is left");
  }
  Cell& cell() const {
    if constexpr (std::is_same_v<Cell, GILOnceCell<Handle>>) {
      return cells[index_];
    } else {
      return once_locks[index_];
    }
  }

 private:
  std::size_t index_;
};
template <class Cell>
class MemberCell {
 public:
  Cell& cell() const { return cell_; }

 private:
  friend struct adder::PyClass<MemberCell>;
  mutable Cell cell_;
};

/// Two threads of Python share the list, whichever made it.
const Bound<PyList>& get_shared_list(Python py) {
  static constinit GILOnceCell<Py<PyList>> cell;
  const auto make = [py] {
    py.import("time").call_method("sleep"_s, 0.02);  // Others run here.
    return PyList::empty(py).unbind();
  };
  return cell.get_or_init(py, make).bind(py);
}

std::atomic<int> patterns_compiled{0};
/// Compiles its pattern once, on first use.
class Matcher {
 public:
  explicit Matcher(std::string text) : text_(std::move(text)) {}
  Any pattern(Python py) const {
    const auto compile = [&] {
      ++patterns_compiled;
      return py.import("re").call_method("compile"_s, text_).unbind();
    };
    return pattern_.get_or_init(py, compile).bind(py);
  }
  bool matches(Python py, const std::string& text) const {
    return !pattern(py).call_method("fullmatch"_s, text).is_none();
  }
  bool is_pattern(Python py, const Any& object) const { return object.is_instance(type_.import(py, "re", "Pattern")); }
  /// Whatever the function returns, in the place of a pattern.
  Any replace(Python py, const Any& make) const {
    return other_.get_or_init(py, [&] { return make().unbind(); }).bind(py);
  }

 private:
  friend struct adder::PyClass<Matcher>;
  std::string text_;
  mutable GILOnceCell<Handle> pattern_;
  mutable GILOnceCell<Py<PyType>> type_;
  mutable GILOnceCell<Handle> other_;
};

// --- Locks -----------------------------------------------------------------------------------------------------------

/// One of each; the methods call a function while they hold one.
class Locks {
 public:
  Any with_mutex(Python py, const Any& function) const {
    const auto lock = lock_attached(py, mutex_);
    return function();
  }
  Any with_writer(Python py, const Any& function) const {
    const auto lock = lock_attached(py, shared_mutex_);
    return function();
  }
  Any with_reader(Python py, const Any& function) const {
    const auto lock = lock_shared_attached(py, shared_mutex_);
    return function();
  }
  Any with_py_mutex(Python py, const Any& function) const {
    const auto guard = calls_.lock(py);
    ++*guard;
    return function();
  }
  std::int64_t calls(Python py) const {
    const auto guard = calls_.lock(py);
    return *guard;
  }
  void once(Python py, const Any& function) const {
    call_once_attached(py, once_, [&] { (void)function(); });
  }

 private:
  mutable std::mutex mutex_;
  mutable std::shared_mutex shared_mutex_;
  mutable std::once_flag once_;
  mutable adder::PyMutex<std::int64_t> calls_{0};
};

// --- References dropped without the GIL ------------------------------------------------------------------------------

std::atomic<int> deleted{0};

std::vector<Handle> take_all(const Bound<PyList>& list) {
  auto all = list.extract<std::vector<Handle>>();
  list.call_method("clear"_s);
  return all;
}
/// @return How often `count_deleted` was called before this thread attaches again, and after.
std::pair<int, int> drop_on_new_thread(Python, const Bound<PyList>& list) {
  std::vector<Handle> all = take_all(list);
  std::thread([&all] { all.clear(); }).join();
  const int before = deleted;
  Python::with_gil([](Python) {});
  return {before, deleted};
}
std::pair<int, int> drop_in_allow_threads(Python py, const Bound<PyList>& list) {
  std::vector<Handle> all = take_all(list);
  const int before = py.allow_threads(
      [](std::vector<Handle>& handles) {
        handles.clear();
        return deleted.load();
      },
      all);
  return {before, deleted};
}
/// The references are dropped while nobody attaches.
void leave_dropped(Python, const Bound<PyList>& list) {
  std::vector<Handle> all = take_all(list);
  std::thread([&all] { all.clear(); }).join();
}

// --- The end of the process ------------------------------------------------------------------------------------------

/// Some work, and a reference that goes without the GIL.
Handle work(Python py) {
  const auto list = PyList::empty(py);
  for (int i = 0; i < 8; ++i) list.append(i);
  (void)list.repr();
  return Bound<PyList>(list).into_any().unbind();
}
void loop_with_gil(Python py) {
  try {
    for (;;) {
      py.allow_threads([] { const Handle result = Python::with_gil(work); });
    }
  } catch (const InterpreterUnavailable&) {
  }
}
void loop_try_with_gil(Python py) {
  while (py.allow_threads([] { return Python::try_with_gil(work).has_value(); })) {
  }
}
/// On a thread that nobody waits for.
void start_detached_thread() {
  std::thread([] {
    while (Python::try_with_gil(work)) {
    }
  }).detach();
}
/// The same, and there is always something that waits for its release.
void start_dropping_thread(Handle thing) {
  std::thread([kept = std::make_optional(std::move(thing))]() mutable {
    for (;;) {
      kept.reset();
      if (!Python::try_with_gil([&](Python py) { kept = work(py); })) return;
    }
  }).detach();
}
/// On a thread that the end of the process waits for, after the end of the interpreter: it has to end by itself.
std::thread joined_at_exit;
void start_joined_thread() {
  joined_at_exit = std::thread([] {
    while (Python::try_with_gil(work)) {
    }
  });
  (void)std::atexit([] { joined_at_exit.join(); });
}

// --- Handles taken where there is no GIL -----------------------------------------------------------------------------

thread_local std::optional<Any> of_this_thread;
std::optional<Bound<PyList>> of_the_process;
struct HasHandle {
  Any object;
  void look(Python py) {
    py.allow_threads_unchecked([this] { (void)object.getattr("x"_s); });
  }
};
void smuggle(Python py, const std::string& how) {
  const auto list = PyList::empty(py);
  if (how == "thread_local") {
    of_this_thread = list;
    py.allow_threads([] { (void)of_this_thread->repr(); });
  } else if (how == "global") {
    of_the_process = list;
    py.allow_threads([] { of_the_process->append(1); });
  } else if (how == "this") {
    HasHandle{list}.look(py);
  } else if (how == "function") {
    const std::function<void()> call = [kept = Any(list)] { (void)kept(); };
    py.allow_threads_unchecked(call);
  } else if (how == "reference") {
    py.allow_threads_unchecked([&] { const Bound<PyList> copy = list; });
  } else if (how == "drop") {
    auto kept = std::make_optional(list);
    py.allow_threads_unchecked([&] { kept.reset(); });
  } else if (how == "other_thread") {
    py.allow_threads_unchecked([&] { std::thread([&] { (void)list.len(); }).join(); });
  } else if (how == "token") {
    py.allow_threads_unchecked([py] { py.allow_threads([] {}); });
  } else {
    throw std::invalid_argument(how);
  }
}

// --- Iterators -------------------------------------------------------------------------------------------------------

constexpr std::int64_t switch_every = 128;

/// With a borrow flag. The two numbers differ only in the middle of a step, in which other threads run now and then.
class FlagIterator {
 public:
  explicit FlagIterator(std::int64_t end) : end_(end) {}
  std::optional<std::int64_t> next(Python py) {
    if (before_ != after_) throw std::logic_error("torn");
    if (before_ == end_) return std::nullopt;
    const std::int64_t result = before_++;
    if (result % switch_every == 0) py.allow_threads([] { std::this_thread::yield(); });
    ++after_;
    return result;
  }

 private:
  std::int64_t before_ = 0, after_ = 0;
  std::int64_t end_;
};
class AtomicIterator {
 public:
  explicit AtomicIterator(std::int64_t end) : end_(end) {}
  std::optional<std::int64_t> next(Python py) const {
    const std::int64_t result = next_.fetch_add(1, std::memory_order_relaxed);
    if (result >= end_) return std::nullopt;
    if (result % switch_every == 0) py.allow_threads([] { std::this_thread::yield(); });
    return result;
  }

 private:
  mutable std::atomic<std::int64_t> next_{0};
  std::int64_t end_;
};
class MutexIterator {
 public:
  explicit MutexIterator(std::int64_t end) : end_(end) {}
  std::optional<std::int64_t> next(Python py) const {
    const auto state = state_.lock(py);
    if (state->before != state->after) throw std::logic_error("torn");
    if (state->before == end_) return std::nullopt;
    const std::int64_t result = state->before++;
    if (result % switch_every == 0) py.allow_threads([] { std::this_thread::yield(); });
    ++state->after;
    return result;
  }

 private:
  struct State {
    std::int64_t before = 0, after = 0;
  };
  mutable adder::PyMutex<State> state_;
  std::int64_t end_;
};

/// The entry point of __next__. Python wants no error set at the end.
template <class T>
::PyObject* next_of(::PyObject* self) noexcept {
  const Python py = Python::assume_gil_acquired();
  try {
    const Bound<T> iterator = Any::from_borrowed_ptr(py, self).downcast<T>();
    std::optional<std::int64_t> next;
    if constexpr (requires { PyClass<T>::frozen; }) {
      next = iterator.get().next(py);
    } else {
      next = iterator.borrow_mut()->next(py);
    }
    return next ? PyLong_FromLongLong(*next) : nullptr;
  } catch (const PyErr& error) {
    error.restore(py);
  } catch (const std::exception& error) {
    PyErr_SetString(PyExc_SystemError, error.what());
  }
  return nullptr;
}

// --- Signals ---------------------------------------------------------------------------------------------------------

std::atomic<std::int64_t> polls{0};
/// Polls until a signal handler raises.
/// @param raise_at  The poll before which this thread sends itself the signal, counted from 1; or 0.
PyResult<bool> poll_for_signals(Python py, bool detach, std::int64_t raise_at) {
  const auto end = std::chrono::steady_clock::now() + 30s;
  polls = 0;
  while (std::chrono::steady_clock::now() < end) {
    ++polls;
    const bool raise_now = polls == raise_at;
    if (detach) {
      py.allow_threads(
          [](bool raise) {
            if (raise) (void)std::raise(SIGINT);
            std::this_thread::sleep_for(50us);
          },
          raise_now);
    } else if (raise_now) {
      (void)std::raise(SIGINT);
    }
    if (auto checked = py.check_signals(); checked.is_err()) return std::move(checked).error();
  }
  return false;
}

/// Another thread sends the signal to the process, after so many polls.
void interrupt_after(std::int64_t count) {
  polls = 0;
  std::thread([count] {
    while (polls < count) std::this_thread::sleep_for(1ms);
    (void)kill(getpid(), SIGINT);
  }).detach();
}

// --- Fork ------------------------------------------------------------------------------------------------------------

std::atomic<bool> told_to_stop{false};
std::atomic<bool> is_waiting{false};

/// Until stop().
void wait_in_allow_threads(Python py) {
  py.allow_threads([] {
    is_waiting = true;
    while (!told_to_stop) std::this_thread::sleep_for(1ms);
  });
}
/// On a C++ thread, from within with_gil.
void start_calling(Handle function) {
  std::thread([held = std::make_optional(std::move(function))]() mutable {
    Python::with_gil([&](Python py) {
      is_waiting = true;
      (void)held->bind(py)();
    });
    held.reset();
    is_waiting = false;
  }).detach();
}
/// On a C++ thread that comes and goes.
/// @param as_new  Python does not know of the thread in between.
void start_looping(bool as_new) {
  std::thread([as_new] {
    const auto loop = [] {
      is_waiting = true;
      while (!told_to_stop && Python::try_with_gil(work)) {
      }
    };
    if (as_new) {
      loop();
    } else {
      Python::with_gil([&](Python py) { py.allow_threads_unchecked(loop); });
    }
    is_waiting = false;
  }).detach();
}
/// The function is called from within with_gil, in a detached section.
Handle call_in_with_gil(Python py, const Handle& function) {
  return py.allow_threads_unchecked(
      [&] { return Python::with_gil([&](Python inner) { return function.bind(inner)().unbind(); }); });
}

// --- In parallel -----------------------------------------------------------------------------------------------------

/// Where two threads meet.
class Meeting {
 public:
  /// @return Whether the other one came within half a minute.
  bool meet() const {
    std::unique_lock lock(mutex_);
    const int mine = ++arrived_;
    changed_.notify_all();
    return changed_.wait_for(lock, 30s, [&] { return arrived_ >= (mine + 1) / 2 * 2; });
  }

 private:
  mutable std::mutex mutex_;
  mutable std::condition_variable changed_;
  mutable int arrived_ = 0;
};
Meeting& the_meeting() {
  static Meeting meeting;
  return meeting;
}

struct Sack {
  int size = 0;
};
/// Classes with an instance of each other as an attribute, made at their first use.
struct Left {
  int size = 0;
};
struct Right {
  int size = 0;
};
template <class T>
Bound<T> new_half(Python py) {
  py.allow_threads([] { std::this_thread::sleep_for(50ms); });  // The other class is begun meanwhile.
  return Bound<T>::new_(py, T{});
}
void make_lists(Python py, int count) {
  const auto all = PyList::empty(py);
  for (int i = 0; i < count; ++i) all.append(PyList::empty(py));
}
void make_sacks(Python py, int count) {
  const auto all = PyList::empty(py);
  for (int i = 0; i < count; ++i) all.append(Bound<Sack>::new_(py, Sack{i}));
}

/// Calls a function from its start on, until it is told to stop; its destructor waits for that.
class Repeater {
 public:
  explicit Repeater(Handle function) : function_(std::move(function)), thread_([this] { run(); }) {}
  Repeater(const Repeater&) = delete;
  Repeater& operator=(const Repeater&) = delete;
  ~Repeater() {
    stop_ = true;
    thread_.join();
  }

 private:
  void run() {
    while (!stop_ && Python::try_with_gil([this](Python py) { (void)function_.bind(py)(); })) {
    }
  }
  std::atomic<bool> stop_{false};
  Handle function_;
  std::thread thread_;  // Last: it uses the others.
};

std::atomic<int> workers{0};
/// Its destructor waits for a thread that calls Python.
class Worker {
 public:
  explicit Worker(Handle function) : function_(std::move(function)), thread_([this] { run(); }) { ++workers; }
  Worker(const Worker&) = delete;
  Worker& operator=(const Worker&) = delete;
  ~Worker() {
    stop_ = true;
    thread_.join();
    --workers;
  }

 private:
  void run() {
    while (!stop_) std::this_thread::sleep_for(1ms);
    (void)Python::try_with_gil([this](Python py) { (void)function_.bind(py)(); });
  }
  std::atomic<bool> stop_{false};
  Handle function_;
  std::thread thread_;  // Last: it uses the others.
};

}  // namespace

template <class T>
struct CellClass {
  static constexpr bool weakref = true;
  static void define(ClassBuilder<T>& cls) {
    cls.template def_new<>();
    cls.template def<[](const T& self, Python py) -> std::optional<Any> {
      const Handle* value = self.cell().get(py);
      return value == nullptr ? std::nullopt : std::optional<Any>(value->bind(py));
    }>("get");
    cls.template def<[](const T& self, Python py, const Any& make) -> Any {
      return self.cell().get_or_init(py, [&] { return make().unbind(); }).bind(py);
    }>("get_or_init");
    cls.template def<[](const T& self, Python py, const Any& make) -> PyResult<Any> {
      const auto result = self.cell().get_or_try_init(py, [&]() -> PyResult<Handle> {
        try {
          return make().unbind();
        } catch (const PyErr& error) {
          return error;
        }
      });
      if (result.is_err()) return result.error();
      return Any(result.value()->bind(py));
    }>("get_or_try_init");
    // Whether the value was written, and what has been left.
    cls.template def<[](const T& self, Python py, Handle value) {
      const bool written = self.cell().set(py, std::move(value));
      return std::pair(written, written ? std::optional<Handle>() : std::optional<Handle>(std::move(value)));
    }>("set");
    cls.template def<[](const T& self) { return self.cell().take(); }>("take");
    cls.template def<[](const T& self, Python py) { return self.cell().clone_ref(py).take(); }>("take_from_clone");
  }
};
template <>
struct adder::PyClass<StaticCell<GILOnceCell<Handle>>> : CellClass<StaticCell<GILOnceCell<Handle>>> {
  static constexpr auto name = "StaticCell";
};
template <>
struct adder::PyClass<StaticCell<PyOnceLock<Handle>>> : CellClass<StaticCell<PyOnceLock<Handle>>> {
  static constexpr auto name = "StaticOnceLock";
};
template <>
struct adder::PyClass<MemberCell<GILOnceCell<Handle>>> : CellClass<MemberCell<GILOnceCell<Handle>>> {
  static constexpr auto name = "MemberCell";
  using fields = FieldList<&MemberCell<GILOnceCell<Handle>>::cell_>;
};
template <>
struct adder::PyClass<MemberCell<PyOnceLock<Handle>>> : CellClass<MemberCell<PyOnceLock<Handle>>> {
  static constexpr auto name = "MemberOnceLock";
  using fields = FieldList<&MemberCell<PyOnceLock<Handle>>::cell_>;
};
template <>
struct adder::PyClass<Matcher> {
  static constexpr auto name = "Matcher";
  static constexpr bool weakref = true;
  using fields = FieldList<&Matcher::text_, &Matcher::pattern_, &Matcher::type_, &Matcher::other_>;
  static void define(ClassBuilder<Matcher>& cls) {
    cls.def_new<std::string>(arg("text"));
    cls.def<&Matcher::pattern>("pattern");
    cls.def<&Matcher::matches>("matches");
    cls.def<&Matcher::is_pattern>("is_pattern");
    cls.def<&Matcher::replace>("replace");
  }
};
template <>
struct adder::PyClass<Locks> {
  static constexpr auto name = "Locks";
  static constexpr bool frozen = true, sync = true;
  static void define(ClassBuilder<Locks>& cls) {
    cls.def_new<>();
    cls.def<&Locks::with_mutex>("with_mutex");
    cls.def<&Locks::with_writer>("with_writer");
    cls.def<&Locks::with_reader>("with_reader");
    cls.def<&Locks::with_py_mutex>("with_py_mutex");
    cls.def<&Locks::calls>("calls");
    cls.def<&Locks::once>("once");
  }
};
template <class T>
struct IteratorClass {
  static void define(ClassBuilder<T>& cls) {
    cls.template def_new<std::int64_t>(arg("end"));
    cls.slot(Py_tp_iter, reinterpret_cast<void*>(&PyObject_SelfIter));
    cls.slot(Py_tp_iternext, reinterpret_cast<void*>(&next_of<T>));
  }
};
template <>
struct adder::PyClass<FlagIterator> : IteratorClass<FlagIterator> {
  static constexpr auto name = "FlagIterator";
};
template <>
struct adder::PyClass<AtomicIterator> : IteratorClass<AtomicIterator> {
  static constexpr auto name = "AtomicIterator";
  static constexpr bool frozen = true, sync = true;
};
template <>
struct adder::PyClass<MutexIterator> : IteratorClass<MutexIterator> {
  static constexpr auto name = "MutexIterator";
  static constexpr bool frozen = true, sync = true;
};
template <>
struct adder::UngilTraits<Meeting> : std::true_type {};
template <>
struct adder::PyClass<Meeting> {
  static constexpr auto name = "Meeting";
  static void define(ClassBuilder<Meeting>& cls) {
    cls.def_new<>();
    cls.def<&Meeting::meet>("meet", release_gil);
  }
};
template <>
struct adder::PyClass<Sack> {
  static constexpr auto name = "Sack";
  static constexpr bool dict = true;
  static void define(ClassBuilder<Sack>& cls) { cls.def_new<>(); }
};
template <class T, class Other>
struct HalfClass {
  static constexpr bool frozen = true;
  static void define(ClassBuilder<T>& cls) { cls.template attr<&new_half<Other>>("OTHER"); }
};
template <>
struct adder::PyClass<Left> : HalfClass<Left, Right> {
  static constexpr auto name = "Left";
};
template <>
struct adder::PyClass<Right> : HalfClass<Right, Left> {
  static constexpr auto name = "Right";
};
template <>
struct adder::UngilTraits<Repeater> : std::true_type {};
template <>
struct adder::PyClass<Repeater> {
  static constexpr auto name = "Repeater";
  static constexpr bool drop_detached = true;
  static void define(ClassBuilder<Repeater>& cls) { cls.def_new<Handle>(arg("function")); }
};
template <>
struct adder::UngilTraits<Worker> : std::true_type {};
template <>
struct adder::PyClass<Worker> {
  static constexpr auto name = "Worker";
  static constexpr bool drop_detached = true, weakref = true, dict = true;
  static void define(ClassBuilder<Worker>& cls) { cls.def_new<Handle>(arg("function")); }
};

ADDER_MODULE(threads_ext, m, adder::gil_not_used) {
  m.add("CHECKED", ADDER_CHECKED != 0);
  m.add("THREAD_SANITIZER", UNDER_THREAD_SANITIZER != 0);

  m.add_class<Sack>();
  m.add_class<Repeater>();
  m.def<&new_half<Left>>("new_left");
  m.def<&new_half<Right>>("new_right");
  m.def<&make_lists>("make_lists", arg("count"));
  m.def<&make_sacks>("make_sacks", arg("count"));
  m.add_class<StaticCell<GILOnceCell<Handle>>>();
  m.add_class<MemberCell<GILOnceCell<Handle>>>();
  m.add_class<StaticCell<PyOnceLock<Handle>>>();
  m.add_class<MemberCell<PyOnceLock<Handle>>>();
  m.def<&get_shared_list>("get_shared_list");
  m.add_class<Matcher>();
  m.def<[] { return patterns_compiled.load(); }>("patterns_compiled");
  m.add_class<Locks>();

  m.def<[] { ++deleted; }>("count_deleted");
  m.def<[] { return deleted.load(); }>("deleted");
  m.def<&drop_on_new_thread>("drop_on_new_thread");
  m.def<&drop_in_allow_threads>("drop_in_allow_threads");
  m.def<&leave_dropped>("leave_dropped");
  m.def<[] { Python::with_gil([](Python) {}); }>("attach");
  m.def<[](Python py) { py.allow_threads([] {}); }>("detach");
  m.def<[] { Python::with_gil([](Python) {}); }>("detach_and_attach", release_gil);

  m.def<&loop_with_gil>("loop_with_gil");
  m.def<&loop_try_with_gil>("loop_try_with_gil");
  m.def<&start_detached_thread>("start_detached_thread");
  m.def<&start_dropping_thread>("start_dropping_thread");
  m.def<&start_joined_thread>("start_joined_thread");

  m.def<&smuggle>("smuggle");

  m.add_class<FlagIterator>();
  m.add_class<AtomicIterator>();
  m.add_class<MutexIterator>();

  m.def<&poll_for_signals>("poll_for_signals");
  m.def<&interrupt_after>("interrupt_after");
  m.def<[] { return polls.load(); }>("polls");

  m.def<[] { told_to_stop = true; }>("stop");
  m.def<[] { return is_waiting.load(); }>("is_waiting");
  m.def<&wait_in_allow_threads>("wait_in_allow_threads");
  m.def<&start_calling>("start_calling");
  m.def<&start_looping>("start_looping");
  m.def<&call_in_with_gil>("call_in_with_gil");

  m.add_class<Meeting>();
  m.def<[] { return the_meeting().meet(); }>("meet", release_gil);
  m.add_class<Worker>();
  m.def<[] { return workers.load(); }>("workers");
}
