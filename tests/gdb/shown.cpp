// SPDX-License-Identifier: MIT
// What gdb is to show: check.py stops in shown_here() and prints the variables of show().
#include "adder/adder.hpp"
#include "adder/stl/vector.hpp"
#include "adder/sync/gil_once_cell.hpp"

#include <optional>
#include <utility>
#include <vector>

using namespace adder;

struct Counter {
  int number = 5;
  long other = 7;
};
struct Frozen {
  const int number = 3;
};

template <>
struct adder::PyClass<Counter> {
  static constexpr auto name = "Counter";
  static void define(ClassBuilder<Counter>& cls) { cls.def_new<>(); }
};
template <>
struct adder::PyClass<Frozen> {
  static constexpr auto name = "Frozen";
  static constexpr bool frozen = true, sync = true;
  static void define(ClassBuilder<Frozen>& cls) { cls.def_new<>(); }
};

// Not hidden, and no template: all compilers' debuggers find it by its name.
extern "C" [[gnu::noinline]] void shown_here();
void shown_here() { asm volatile(""); }

namespace {

constinit GILOnceCell<Py<PyAny>> full;
constinit GILOnceCell<Py<PyAny>> empty;

template <class... T>
[[gnu::noinline]] void use(const T&...) {
  asm volatile("");
}

[[gnu::noinline]] void show(Python py) {
  const Bound<PyList> list = PyList::new_(py, 1, 2);
  const Bound<PyAny> same = list;
  const Borrowed<PyList> borrowed = list;
  const Py<PyAny> kept = list;
  const Bound<PyList>& by_reference = list;
  Bound<PyAny> moved = py.eval("object()");
  const Bound<PyAny> taken = std::move(moved);
  const Bound<PyAny> none = py.None();
  const auto counter = Py<Counter>::new_(py, Counter{});
  const auto reader = counter.bind(py).borrow();
  const auto writer_of = Py<Counter>::new_(py, Counter{6, 8});
  const auto writer = writer_of.bind(py).borrow_mut();
  const auto frozen = Py<Frozen>::new_(py);
  const PyErr lazy = PyValueError::new_err("too late");
  const PyErr mismatch = PyErr::mismatch("Decimal", none);
  std::optional<PyErr> raised;
  try {
    py.run("1 / 0");
  } catch (const PyErr& error) {
    raised.emplace(error);
  }
  const PyErr unread = *raised;
  const PyErr read = PyErr::mismatch("Fraction", none);
  (void)read.what();
  const PyErr inside = py.eval("[1, 'x']").try_extract<std::vector<int>>().error();
  const PyResult<int> ok = PyResult<int>(42);
  const PyResult<int> failed = py.eval("'x'").try_extract<int>();
  const PyResult<void> done;
  (void)full.get_or_init(py, [&] { return Py<PyAny>(py.eval("{}")); });
  shown_here();
  use(list, same, borrowed, kept, by_reference, moved, taken, none, counter, reader, writer_of, writer, frozen, lazy,
      mismatch, unread, read, inside, ok, failed, done, full, empty);
}

}  // namespace

int main() { Python::with_gil(show); }
