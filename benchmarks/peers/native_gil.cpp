// SPDX-License-Identifier: MIT
// What it costs to take the GIL and to let go of it.
#include "adder/token/gil_guard.hpp"
#include "native.hpp"

#include <cstdlib>
#include <thread>

using namespace bench;

/// Runs the loop detached, on this thread, which has a thread state to come back to.
template <class Body>
static void detached(Python py, Loop& loop, Body body) {
  py.allow_threads_unchecked([&] { loop(body); });
}
/// Runs the loop detached, on a thread that Python does not know: each attach makes a thread state.
template <class Body>
static void foreign(Python py, Loop& loop, Body body) {
  py.allow_threads_unchecked([&] { std::thread([&] { loop(body); }).join(); });
}
static void ensure_and_release() {
  const PyGILState_STATE state = PyGILState_Ensure();
  keep(state);
  PyGILState_Release(state);
}
static void save_and_restore() {
  PyThreadState* state = PyEval_SaveThread();
  keep(0);
  PyEval_RestoreThread(state);
}
static void attach() {
  Python::with_gil([](Python) { keep(0); });
}

static constinit GILOnceCell<Py<PyAny>> cell;
static PyObject* volatile cell_by_hand = nullptr;
static void fill_cells(Python py) {
  if (cell_by_hand == nullptr) cell_by_hand = PyList_New(0);
  cell.get_or_init(py, [&] { return PyList::empty(py).into_any().unbind(); });
}

// clang-format off
BENCH(cell_get)                { fill_cells(py); loop([&] { keep(cell.get(py)->as_ptr()); }); }
BENCH(cell_get_capi)           { fill_cells(py); loop([] { if (cell_by_hand != nullptr) keep(cell_by_hand); }); }
BENCH(cell_get_or_init)        { fill_cells(py); loop([&] { keep(cell.get_or_init(py, []() -> Py<PyAny> { std::abort(); }).as_ptr()); }); }
BENCH(cell_get_or_init_capi)   { fill_cells(py); loop([] { if (cell_by_hand != nullptr) keep(cell_by_hand); }); }
BENCH(attach_nested)           { loop([] { attach(); }); }
BENCH(attach_nested_capi)      { loop([] { ensure_and_release(); }); }
BENCH(attach_outermost)        { detached(py, loop, [] { attach(); }); }
BENCH(attach_outermost_capi)   { detached(py, loop, [] { ensure_and_release(); }); }
BENCH(attach_new_thread)       { foreign(py, loop, [] { attach(); }); }
BENCH(attach_new_thread_capi)  { foreign(py, loop, [] { ensure_and_release(); }); }
BENCH(guard_nested)            { loop([] { auto guard = Python::acquire_gil(); keep(&guard); }); }
BENCH(guard_nested_capi)       { loop([] { ensure_and_release(); }); }
BENCH(detach_empty)            { loop([&] { py.allow_threads([] { keep(0); }); }); }
BENCH(detach_empty_capi)       { loop([] { save_and_restore(); }); }
// clang-format on
