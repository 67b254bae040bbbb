// SPDX-License-Identifier: MIT
// Locks that are taken in orders that can deadlock are reported in checked builds, although nothing deadlocks here; the
// ways of adder are not. Each case is a process of its own, as an order is reported once.
#include "adder/adder.hpp"
#include "adder/sync/lock.hpp"
#include "adder/sync/once_lock.hpp"
#include "adder/sync/py_mutex.hpp"

#include <sys/wait.h>
#include <unistd.h>
#include <cstddef>
#include <cstdio>
#include <cstdlib>
#include <mutex>
#include <shared_mutex>
#include <string>
#include <thread>

using namespace adder;

#if !ADDER_LOCK_ORDER
int main() {
  std::puts("the order of locks is looked at in checked builds only, whose targets are made by adder_add_embedded");
  return ADDER_CHECKED;
}
#else

// Not in an unnamed namespace, or the report could not name the functions.
namespace locks {

std::mutex mutex;
std::mutex other_mutex;
std::shared_mutex shared_mutex;

void attach_while_holding() {
  const std::lock_guard lock(mutex);
  Python::with_gil([](Python) {});
}
void lock_while_attached(Python) { const std::lock_guard lock(mutex); }
void in_a_thread(Python py, void (*f)()) {
  py.allow_threads([](void (*run)()) { std::thread(run).join(); }, f);
}
void call_python_while_holding(Python py) {
  const std::lock_guard lock(mutex);
  py.run("x = 1");
}
void detach_while_holding(Python py) {
  const std::lock_guard lock(mutex);
  py.allow_threads([] {});
}
void read_while_attached(Python py) {
  const std::shared_lock lock(shared_mutex);
  py.run("x = 1");
}
void write_while_attached(Python py) {
  const std::lock_guard lock(shared_mutex);
  py.run("x = 1");
}
void call_once_while_attached(Python py) {
  static std::once_flag flag;
  std::call_once(flag, [py] { py.run("x = 1"); });
}
void make_handle_in_static(Python py) { static const Py<PyList> list = PyList::empty(py).unbind(); }
void attach_in_static(Python) {
  static const int answer = Python::with_gil([](Python) { return 42; });
  (void)answer;
}
void take_one_after_the_other() {
  const std::lock_guard first(other_mutex);
  const std::lock_guard second(mutex);
}
void attach_while_holding_two_steps_away(Python py) {
  in_a_thread(py, &attach_while_holding);      // mutex, GIL
  in_a_thread(py, &take_one_after_the_other);  // other_mutex, mutex
  const std::lock_guard lock(other_mutex);     // GIL, other_mutex
}

void ways_of_adder(Python py) {
  {
    const auto lock = lock_attached(py, mutex);
    py.run("x = 1");
    py.allow_threads([] {});
  }
  in_a_thread(py, &attach_while_holding);
  {
    const auto lock = lock_attached(py, shared_mutex);
    py.run("x = 1");
  }
  {
    const auto lock = lock_shared_attached(py, shared_mutex);
    py.run("x = 1");
  }
  static std::once_flag flag;
  call_once_attached(py, flag, [py] { py.run("x = 1"); });
  static constinit GILOnceCell<Py<PyAny>> cell;
  (void)cell.import(py, "re", "compile");
  static PyOnceLock<Py<PyAny>> once;
  (void)once.import(py, "re", "match");
  adder::PyMutex<int> guarded(1);
  {
    const auto value = guarded.lock(py);
    py.run("x = 1");
  }
  {
    const std::unique_lock lock(other_mutex, std::try_to_lock);  // Waits for nothing.
    py.run("x = 1");
  }
  static const std::string text(100, 'x');  // Needs no Python.
  std::recursive_mutex recursive;
  const auto first = lock_attached(py, recursive);
  const std::lock_guard second(recursive);
  py.run("x = 1");
}
void locks_without_python(Python) {
  const std::lock_guard first(mutex);
  const std::lock_guard second(other_mutex);
}

}  // namespace locks
using namespace locks;

struct Case {
  const char* name;
  void (*run)(Python);
  // What the report says; nothing where there has to be none.
  const char* first = nullptr;
  const char* second = nullptr;
  const char* advice = nullptr;
};
constexpr const char* helper = "lock_attached(py, mutex)";
constexpr const char* cell = "belongs in a GILOnceCell or a PyOnceLock";
const Case cases[] = {
    {"attached and detached",
     [](Python py) {
       in_a_thread(py, &attach_while_holding);
       lock_while_attached(py);
     },
     "attach_while_holding()", "lock_while_attached(", helper},
    {"detached and attached",
     [](Python py) {
       lock_while_attached(py);
       in_a_thread(py, &attach_while_holding);
     },
     "attach_while_holding()", "lock_while_attached(", helper},
    {"Python code", &call_python_while_holding, "call_python_while_holding(", "the mutex 0x", helper},
    {"allow_threads", &detach_while_holding, "detach_while_holding(", "the mutex 0x", helper},
    {"shared mutex, reading", &read_while_attached, "read_while_attached(", "the mutex 0x", helper},
    {"shared mutex, writing", &write_while_attached, "write_while_attached(", "the mutex 0x", helper},
    {"std::call_once", &call_once_while_attached, "call_once_while_attached(", "the mutex 0x", helper},
    {"static with a handle", &make_handle_in_static, "make_handle_in_static(", "the function-local static with", cell},
    {"static that attaches", &attach_in_static, "attach_in_static(", "the function-local static with", cell},
    {"two steps", &attach_while_holding_two_steps_away, "attach_while_holding_two_steps_away(",
     "take_one_after_the_other()", helper},
    {"the ways of adder", &ways_of_adder},
    {"locks without Python", &locks_without_python},
};

/// What a process that runs the case writes to stderr; it has to end with status 0.
std::string stderr_of(const Case& one) {
  int ends[2];
  if (pipe(ends) != 0) return "pipe failed";
  const pid_t child = fork();
  if (child == 0) {
    alarm(60);
    dup2(ends[1], 2);
    Python::with_gil(one.run);
    std::_Exit(0);
  }
  close(ends[1]);
  std::string text;
  char part[4096];
  for (ssize_t size = 0; (size = read(ends[0], part, sizeof part)) > 0;)
    text.append(part, static_cast<std::size_t>(size));
  close(ends[0]);
  int status = 0;
  waitpid(child, &status, 0);
  if (status != 0) text += "\nstatus " + std::to_string(status);
  return text;
}

int main() {
  int failures = 0;
  for (const Case& one : cases) {
    const std::string text = stderr_of(one);
    bool is_right = text.empty();
    if (one.first != nullptr) {
      is_right = text.starts_with("adder: locks are taken in an order that can deadlock:\n");
      for (const char* part : {one.first, one.second, one.advice, "the GIL can be waited for by who holds the"}) {
        is_right = is_right && text.find(part) != std::string::npos;
      }
      is_right = is_right && text.find("status") == std::string::npos;
    }
    if (is_right) continue;
    ++failures;
    std::printf("%s: reported\n%s\n", one.name, text.c_str());
  }
  return failures == 0 ? 0 : 1;
}
#endif
