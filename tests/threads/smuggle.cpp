// SPDX-License-Identifier: MIT
// A Bound is carried past the compiler's checks into a section without the GIL, or to another thread, and used there.
// Whichever way it takes, a checked build ends the process with one line that names the operation.
#include "adder/sync/lock.hpp"

#include "threads/check.hpp"

#include <cstddef>
#include <cstdio>
#include <functional>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <thread>
#include <utility>

using namespace adder;
using namespace test;

#if ADDER_CHECKED

namespace {

/// May be left full: the process ends by a signal.
struct Smuggled {
  std::optional<Bound<PyAny>> object;
  void pack(Python py) { object.emplace(py.eval("[1, 2, 3]")); }
};
Smuggled in_a_global;
thread_local Smuggled in_a_thread_local;

struct Luggage {
  Bound<PyAny> object;
  void unpack(Python py) const {
    py.allow_threads_unchecked([this] { (void)object.len(); });
  }
};

struct Case {
  const char* name;
  const char* operation;  // As the diagnostic has it.
  void (*run)(Python py);
};

const Case cases[] = {
    {"global", "Bound<PyAny>: len: ",
     [](Python py) {
       in_a_global.pack(py);
       py.allow_threads([] { (void)in_a_global.object->len(); });
     }},
    {"thread_local", "Bound<PyAny>: len: ",
     [](Python py) {
       in_a_thread_local.pack(py);
       py.allow_threads([] { (void)in_a_thread_local.object->len(); });
     }},
    {"this", "Bound<PyAny>: len: ", [](Python py) { Luggage{py.eval("[]")}.unpack(py); }},
    {"std::function", "Bound<PyAny>: len: ",
     [](Python py) {
       const std::function<void()> carrier = [object = py.eval("[]")] { (void)object.len(); };
       py.allow_threads_unchecked([&carrier] { carrier(); });
     }},
    {"reference", "Bound<PyAny>: len: ",
     [](Python py) {
       const Bound<PyAny> object = py.eval("[]");
       py.allow_threads_unchecked([&] { (void)object.len(); });
     }},
    {"other thread, which has no GIL while this one does", "Bound<PyAny>: len: ",
     [](Python py) {
       const Bound<PyAny> object = py.eval("[]");
       std::thread([&] { (void)object.len(); }).join();
     }},
    {"Py bound early", "Bound<PyAny>: len: ",
     [](Python py) {
       const Py<PyAny> owner = py.eval("[]").unbind();
       const Bound<PyAny>& object = owner.bind(py);
       py.allow_threads_unchecked([&] { (void)object.len(); });
     }},
    {"Borrowed", "Bound<PyAny>: len: ",
     [](Python py) {
       const Bound<PyAny> owner = py.eval("[]");
       const auto object = Borrowed<PyAny>(owner);
       py.allow_threads_unchecked([&] { (void)object.len(); });
     }},
    {"getattr", "Bound<PyAny>: getattr: ",
     [](Python py) {
       in_a_global.pack(py);
       py.allow_threads([] { (void)in_a_global.object->getattr("append"); });
     }},
    {"call", "Bound<PyAny>: call: ",
     [](Python py) {
       const Bound<PyAny> object = py.eval("list");
       py.allow_threads_unchecked([&] { (void)object.call(); });
     }},
    {"extract", "Bound<PyAny>: extract: ",
     [](Python py) {
       const Bound<PyAny> object = py.eval("5");
       py.allow_threads_unchecked([&] { (void)object.extract<int>(); });
     }},
    {"copy", "Bound<PyAny>: copied: ",
     [](Python py) {
       const Bound<PyAny> object = py.eval("[]");
       py.allow_threads_unchecked([&] { const Bound<PyAny> copy = object; });
     }},
    {"drop", "Bound<PyAny>: dropped: ",
     [](Python py) {
       const Bound<PyAny> first = py.eval("[]");
       Bound<PyAny> second = first;  // The place that is named: a destructor knows but where its handle was made.
       py.allow_threads_unchecked([&] { const Bound<PyAny> dropped = std::move(second); });
     }},
    {"to Py", "Bound<PyAny>: to Py: ",
     [](Python py) {
       const Bound<PyAny> object = py.eval("[]");
       py.allow_threads_unchecked([&] { const Py<PyAny> owner = object; });
     }},
    {"a list's method", "Bound<PyList>: append: ",
     [](Python py) {
       const auto object = PyList::empty(py);
       const Bound<PyAny> item = py.eval("1");
       py.allow_threads_unchecked([&] { object.append(item); });
     }},
    {"token", "allow_threads needs the GIL",
     [](Python py) { py.allow_threads_unchecked([py] { py.allow_threads([] {}); }); }},
    {"token handed on", "Python: ", [](Python py) { py.allow_threads_unchecked([py] { (void)PyDict::new_(py); }); }},
    {"token on another thread", "Python: ", [](Python py) { std::thread([py] { (void)PyList::empty(py); }).join(); }},
    {"token for a lock", "Python: ",
     [](Python py) {
       std::mutex mutex;
       py.allow_threads_unchecked([&] { const auto lock = lock_attached(py, mutex); });
     }},
    {"token for a cell", "Python: ",
     [](Python py) {
       GILOnceCell<int> cell;
       py.allow_threads_unchecked([&] { (void)cell.get_or_init(py, [] { return 1; }); });
     }},
    {"eval", "Python::eval: ", [](Python py) { py.allow_threads_unchecked([py] { (void)py.eval("1"); }); }},
    {"run", "Python::run: ", [](Python py) { py.allow_threads_unchecked([py] { py.run("pass"); }); }},
    {"import", "Python::import: ", [](Python py) { py.allow_threads_unchecked([py] { (void)py.import("re"); }); }},
    {"None", "Python::None: ", [](Python py) { py.allow_threads_unchecked([py] { (void)py.None(); }); }},
    {"get_type",
     "Python::get_type: ", [](Python py) { py.allow_threads_unchecked([py] { (void)py.get_type<PyList>(); }); }},
    {"check_signals",
     "Python::check_signals: ", [](Python py) { py.allow_threads_unchecked([py] { (void)py.check_signals(); }); }},
    {"assumption", "assume_gil_acquired: this thread does not hold the GIL",
     [](Python py) { py.allow_threads([] { (void)Python::assume_gil_acquired(); }); }},
};

/// The same object used where it may be: the diagnostics below are due to where it is used, and to nothing else.
void the_same_attached(Python py) {
  in_a_global.pack(py);
  in_a_thread_local.pack(py);
  check(in_a_global.object->len() == 3 && in_a_thread_local.object->len() == 3, "len() of three items");
  const Bound<PyAny> copy = *in_a_global.object;
  py.allow_threads([] {
    Python::with_gil([](Python) { check(in_a_global.object->len() == 3, "len() of three items, attached again"); });
  });
  check(py.eval("list").call().len() == 0 && py.eval("5").extract<int>() == 5, "calls and conversions");
  const Py<PyAny> owner = copy;
  in_a_global.object.reset();
  in_a_thread_local.object.reset();
}

}  // namespace

int main(int argc, char** argv) {
  watch();
  if (argc > 1) {
    for (const Case& one : cases) {
      if (std::string_view(argv[1]) == one.name) Python::with_gil(one.run);
    }
    if (std::string_view(argv[1]) == "attached") Python::with_gil(the_same_attached);
    return 0;
  }
  const auto run = [&](const char* name, std::string& errors) {
    now_at = name;
    int ends[2];
    check(pipe(ends) == 0, "pipe() works");
    const pid_t child = start_again(argv[0], name, ends[1]);
    close(ends[1]);
    char buffer[4096];
    for (ssize_t size = 0; (size = read(ends[0], buffer, sizeof buffer)) > 0;) {
      errors.append(buffer, static_cast<std::size_t>(size));
    }
    close(ends[0]);
    return outcome_of(child);
  };
  std::string errors;
  check_equal(run("attached", errors), 0, "exit status where all is right (" + errors + ")");
  for (const Case& one : cases) {
    errors.clear();
    const int outcome = run(one.name, errors);
    check_equal(outcome, 128 + SIGABRT, "how it ended (" + errors + ")");
    check_contains(errors, std::string("adder: ") + one.operation);
    if (std::string_view(one.operation).starts_with("Python")) {
      check_contains(errors, "this thread is not attached to Python");
      if (std::string_view(one.operation) == "Python: ") check_contains(errors, "smuggle.cpp:");
    }
    if (std::string_view(one.operation).starts_with("Bound")) {
      check_contains(errors, "this thread is not attached to Python");
      // A call takes any number of arguments, and so no place behind them.
      if (std::string_view(one.name) != "call") check_contains(errors, "smuggle.cpp:");
    }
    check(errors.find('\n') == errors.size() - 1, "it is one line: " + errors);
  }
}

#else

int main() { std::puts("nothing to test: this build has no checks (ADDER_CHECKED is 0)"); }

#endif
