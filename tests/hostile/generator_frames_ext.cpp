// SPDX-License-Identifier: MIT
// Coroutines whose local variables are where none should be: test_generator_frames.py.
#include <adder/adder.hpp>
#include <adder/class/generator.hpp>
#include <adder/token/gil_guard.hpp>
#include <adder/token/gil_pool.hpp>

#include <stdexcept>
#include <utility>

using namespace adder;
using namespace adder::literals;

namespace {

int destroyed = 0;

class Counted {
 public:
  Counted() = default;
  Counted(const Counted&) = delete;
  Counted& operator=(const Counted&) = delete;
  ~Counted() { ++destroyed; }
};
class Throwing {
 public:
  Throwing() = default;
  Throwing(const Throwing&) = delete;
  Throwing& operator=(const Throwing&) = delete;
  ~Throwing() noexcept(false) { throw std::runtime_error("thrown by a destructor"); }
};
/// Calls Python at its end.
class Calling {
 public:
  explicit Calling(Py<PyAny> callback) : callback_(std::move(callback)) {}
  Calling(const Calling&) = delete;
  Calling& operator=(const Calling&) = delete;
  ~Calling() {
    Python::try_with_gil([&](Python py) {
      try {
        (void)callback_.bind(py).call();
      } catch (const PyErr& error) {
        error.write_unraisable(py);
      }
    });
  }

 private:
  Py<PyAny> callback_;
};

Generator<int, void, int> throwing() {
  const Counted first;
  const Throwing second;
  const Counted third;
  co_yield 1;
  co_return 2;
}
Generator<int> calling(Py<PyAny> callback) {
  const Calling last(std::move(callback));
  co_yield 1;
}
Generator<int> pooled(Python py) {
  const GILPool pool = py.new_pool();
  co_yield 1;
}
Generator<int> pooled_for_a_step(Python py) {
  for (int i = 0; i < 3; ++i) {
    {
      const GILPool pool = py.new_pool();
    }
    co_yield i;
  }
}
Generator<int> guarded() {
  const GILGuard guard = Python::acquire_gil();
  co_yield 1;
}
Generator<int> attached_for_a_step() {
  for (int i = 0; i < 3; ++i) co_yield Python::with_gil([i](Python) { return i; });
}
Generator<Py<PyAny>> chain(Python py, Py<PyAny> inner) {
  for (const auto& item : inner.bind(py)) co_yield item;
}

}  // namespace

ADDER_MODULE(generator_frames_ext, m, gil_not_used) {
  m.add("checked", ADDER_CHECKED != 0);
  m.def<&throwing>("throwing");
  m.def<&calling>("calling");
  m.def<&pooled>("pooled");
  m.def<&pooled_for_a_step>("pooled_for_a_step");
  m.def<&guarded>("guarded");
  m.def<&attached_for_a_step>("attached_for_a_step");
  m.def<&chain>("chain");
  m.def<[] { return std::exchange(destroyed, 0); }>("destroyed");
}
