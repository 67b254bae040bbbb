// SPDX-License-Identifier: MIT
// std::function both ways: Python callables that C++ calls, keeps, copies and drops on any thread, and C++ functions
// that Python calls.
#include "adder/adder.hpp"
#include "adder/stl/functional.hpp"
#include "adder/stl/optional.hpp"
#include "adder/stl/string.hpp"
#include "adder/stl/vector.hpp"
#include "adder/sync/clone_ref.hpp"

#include <atomic>
#include <cstddef>
#include <cstdio>
#include <exception>
#include <functional>
#include <optional>
#include <stdexcept>
#include <string>
#include <thread>
#include <utility>
#include <vector>

using namespace adder;

namespace {

using IntFunction = std::function<int(int)>;
using Task = std::function<void()>;

int call(const IntFunction& function, int x) { return function(x); }
void run(const Task& task) { task(); }
bool is_empty(const Task& task) { return !task; }
std::string describe(const std::function<std::string(std::string, const std::vector<int>&, std::optional<double>)>& f) {
  return f("name", {1, 2, 3}, std::nullopt);
}
Py<PyAny> pass_object(const std::function<Py<PyAny>(Bound<PyAny>)>& function, const Bound<PyAny>& object) {
  return function(object);
}
std::string what_is_thrown(const IntFunction& function) {
  try {
    return std::to_string(function(1));
  } catch (const std::bad_function_call&) {
    return "bad_function_call";
  } catch (const PyErr& error) {
    return error.what();
  }
}

// --- There and back --------------------------------------------------------------------------------------------------

IntFunction same(IntFunction function) { return function; }
IntFunction copied(const IntFunction& function) {
  IntFunction copy = function;
  return copy;
}
/// Of another signature: it is called by way of Python, or of the function in it.
std::function<long(long)> widened(std::function<long(long)> function) { return function; }

int doubled(int x) { return 2 * x; }
bool is_doubled(const IntFunction& function) {
  const auto* target = function.target<int (*)(int)>();
  return target != nullptr && *target == &doubled;
}
int (*plain(bool present))(int) { return present ? &doubled : nullptr; }

/// Counts its copies that live.
struct Adder {
  static inline std::atomic<int> living{0};
  explicit Adder(int summand) : n(summand) { ++living; }
  Adder(const Adder& other) : n(other.n) { ++living; }
  Adder& operator=(const Adder&) = delete;
  ~Adder() { --living; }
  int operator()(int x) const { return x + n; }
  int n;
};
IntFunction adding(int n) { return Adder(n); }
int living_adders() { return Adder::living; }
bool is_adder(const IntFunction& function) { return function.target<Adder>() != nullptr; }

Task failing(const std::string& kind) {
  return [kind] {
    if (kind == "std") throw std::invalid_argument("from C++");
    if (kind == "python") throw PyKeyError::new_err("from C++");
  };
}
std::function<std::string(const std::string&, int)> repeating() {
  return [](const std::string& text, int times) {
    std::string result;
    for (int i = 0; i < times; ++i) result += text;
    return result;
  };
}
struct ThrowsWhenCopied {
  ThrowsWhenCopied() = default;
  ThrowsWhenCopied(const ThrowsWhenCopied& other) : armed(other.armed) {
    if (armed) throw std::runtime_error("not to be copied");
  }
  ThrowsWhenCopied(ThrowsWhenCopied&&) = default;
  ThrowsWhenCopied& operator=(const ThrowsWhenCopied&) = delete;
  ~ThrowsWhenCopied() = default;
  void operator()() const {}
  bool armed = true;
};
Task uncopyable() { return ThrowsWhenCopied(); }

// --- Other threads ---------------------------------------------------------------------------------------------------

/// On a thread that Python does not know, while this one waits detached. What it throws is thrown here.
void on_thread(Python py, const Task& task) {
  std::exception_ptr thrown;
  py.allow_threads_unchecked([&] {
    std::thread([&] {
      try {
        const Task copy = task;
        copy();
      } catch (...) {
        thrown = std::current_exception();
      }
    }).join();
  });
  if (thrown) std::rethrow_exception(thrown);
}
/// Released on the way: the argument crosses.
void detached(const Task& task, int times) {
  for (int i = 0; i < times; ++i) task();
}
void dropped_on_thread(Python py, Task task) {
  py.allow_threads_unchecked([&] { std::thread([moved = std::move(task)]() mutable { moved = nullptr; }).join(); });
}
int from_many_threads(Python py, const IntFunction& function, int threads, int calls) {
  std::atomic<int> sum{0};
  py.allow_threads_unchecked([&] {
    std::vector<std::thread> all;
    for (int t = 0; t < threads; ++t) {
      all.emplace_back([&sum, calls, function] {
        for (int i = 0; i < calls; ++i) {
          const IntFunction copy = function;
          sum += copy(1);
        }
      });
    }
    for (std::thread& thread : all) thread.join();
  });
  return sum;
}

/// The first copies of it, by several threads at once.
int copied_at_once(Python py, const IntFunction& function, int threads) {
  std::atomic<int> ready{0}, sum{0};
  py.allow_threads_unchecked([&] {
    std::vector<std::thread> all;
    for (int t = 0; t < threads; ++t) {
      all.emplace_back([&] {
        ++ready;
        while (ready < threads) std::this_thread::yield();
        const IntFunction copy = function, second = copy;
        sum += second(1);
      });
    }
    for (std::thread& thread : all) thread.join();
  });
  return sum;
}

/// Kept for ever: called, copied and dropped when the interpreter has ended.
struct Kept {
  Task task;
  ~Kept() {
    if (!task) return;
    try {
      const Task copy = task;
      copy();
      std::puts("called");
    } catch (const InterpreterUnavailable&) {
      std::puts("InterpreterUnavailable");
    }
    std::fflush(stdout);
  }
};
Kept kept;
void keep(Task task) { kept.task = std::move(task); }

// --- In objects ------------------------------------------------------------------------------------------------------

struct Button {
  Task on_click;
  void click() const {
    if (on_click) on_click();
  }
  /// The copy outlives what the callback does to the field.
  void click_copy() const {
    const Task copy = on_click;
    copy();
  }
};
struct Signal {
  std::vector<Task> tasks;
  void connect(Task task) { tasks.push_back(std::move(task)); }
  void emit() const {
    const std::vector<Task> all = tasks;
    for (const Task& task : all) task();
  }
};
/// Drops its own function while it is called.
struct Slot {
  Task task;
};
Slot slot;
void set_slot(Task task) { slot.task = std::move(task); }
void call_slot() { slot.task(); }

std::size_t copies_made(Python py, const Button& button) {
  const Button copy = clone_ref(py, button);
  return copy.on_click ? 1 : 0;
}

}  // namespace

template <>
struct adder::PyClass<Button> {
  static constexpr auto name = "Button";
  static constexpr bool sync = true;
  static void define(ClassBuilder<Button>& cls) {
    cls.def_new<>();
    cls.field<&Button::on_click>("on_click");
    cls.def<&Button::click>("click");
    cls.def<&Button::click_copy>("click_copy");
  }
};
template <>
struct adder::PyClass<Signal> {
  static constexpr auto name = "Signal";
  static void define(ClassBuilder<Signal>& cls) {
    cls.def_new<>();
    cls.def<&Signal::connect>("connect");
    cls.def<&Signal::emit>("emit");
  }
};

ADDER_MODULE(callbacks_ext, m) {
  m.def<&call>("call", arg("function"), arg("x"));
  m.def<&run>("run", arg("task") = Task());
  m.def<&is_empty>("is_empty", arg("task") = Task());
  m.def<&describe>("describe");
  m.def<&pass_object>("pass_object");
  m.def<&what_is_thrown>("what_is_thrown");
  m.def<&same>("same");
  m.def<&copied>("copied");
  m.def<&widened>("widened");
  m.def<&is_doubled>("is_doubled");
  m.def<&plain>("plain");
  m.def<&adding>("adding");
  m.def<&living_adders>("living_adders");
  m.def<&is_adder>("is_adder");
  m.def<&failing>("failing");
  m.def<&repeating>("repeating");
  m.def<&uncopyable>("uncopyable");
  m.def<&on_thread>("on_thread");
  m.def<&detached>("detached", release_gil);
  m.def<&dropped_on_thread>("dropped_on_thread");
  m.def<&from_many_threads>("from_many_threads");
  m.def<&copied_at_once>("copied_at_once");
  m.def<&keep>("keep");
  m.def<&set_slot>("set_slot");
  m.def<&call_slot>("call_slot");
  m.def<&copies_made>("copies_made");
  m.add_class<Button>();
  m.add_class<Signal>();
}
