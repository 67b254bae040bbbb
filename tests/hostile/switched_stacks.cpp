// SPDX-License-Identifier: MIT
// Coroutines with stacks of their own, as greenlets are, that switch inside with_gil: scopes end in any order.
#include "adder/adder.hpp"

#include "adder/token/gil_guard.hpp"
#include "threads/check.hpp"

#include <ucontext.h>

#include <array>
#include <cstddef>
#include <functional>
#include <memory>
#include <utility>
#include <vector>

namespace {

using namespace adder;
using test::check;

/// From 3.14 on CPython knows the bounds of a thread's stack, and calls on another one a stack overflow.
constexpr bool runs_python_on_any_stack = PY_VERSION_HEX < 0x030E0000;

/// Runs a function on a stack of its own, until it calls pause().
class Coroutine {
 public:
  explicit Coroutine(std::function<void(Coroutine&)> body) : body_(std::move(body)) {
    getcontext(&own_);
    own_.uc_stack.ss_sp = stack_.data();
    own_.uc_stack.ss_size = stack_.size();
    own_.uc_link = &outside_;
    makecontext(&own_, &start, 0);
  }
  Coroutine(const Coroutine&) = delete;
  Coroutine& operator=(const Coroutine&) = delete;
  void resume() {
    starting = this;
    swapcontext(&outside_, &own_);
  }
  void pause() { swapcontext(&own_, &outside_); }
  bool done = false;

 private:
  static void start() {
    Coroutine& self = *starting;
    self.body_(self);
    self.done = true;
  }
  static inline Coroutine* starting = nullptr;
  std::function<void(Coroutine&)> body_;
  std::vector<char> stack_ = std::vector<char>(1 << 20);
  ucontext_t own_{}, outside_{};
};

/// Attaches twice and pauses each time.
void attach_and_pause(Coroutine& self, std::vector<int>& order, int number) {
  Python::with_gil([&](Python py) {
    order.push_back(number);
    self.pause();
    Python::try_with_gil([&](Python) {
      order.push_back(number);
      self.pause();
    });
    if (runs_python_on_any_stack) check(py.eval("1 + 1").extract<int>() == 2, "Python works after a switch");
    check(py.allow_threads([] { return PyGILState_Check(); }) == 0, "a section without the GIL has none");
    const GILGuard guard = Python::acquire_gil();
    check(!PyErr::occurred(guard.python()), "a guard that ends before the next switch is fine");
  });
  order.push_back(number);
}

void run(Python py) {
  std::vector<int> order;
  std::array<std::unique_ptr<Coroutine>, 3> all;
  for (int i = 0; i < 3; ++i) {
    all[static_cast<std::size_t>(i)] =
        std::make_unique<Coroutine>([&order, i](Coroutine& self) { attach_and_pause(self, order, i); });
  }
  for (int round = 0; round < 3; ++round) {
    for (auto& one : all) one->resume();
  }
  for (auto& one : all) check(one->done, "each coroutine has come to its end");
  check(order == std::vector<int>{0, 1, 2, 0, 1, 2, 0, 1, 2}, "the scopes have interleaved");
  check(py.eval("3").extract<int>() == 3, "Python works afterwards");
  // The scope around all that is still known, and so is that it is one.
  py.allow_threads([] { check(!Python::with_gil([](Python inner) { return PyErr::occurred(inner); }), "attached"); });
}

}  // namespace

int main() {
  for (int i = 0; i < 3; ++i) Python::with_gil([](Python py) { run(py); });
  check(PyGILState_Check() == 0, "the outermost scope has detached");
  // From a thread that Python has attached: there is no scope of adder around.
  const PyGILState_STATE state = PyGILState_Ensure();
  Python::with_gil([](Python py) { run(py); });
  PyGILState_Release(state);
  check(PyGILState_Check() == 0, "nobody is attached any more");
  return 0;
}
