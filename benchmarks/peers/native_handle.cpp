// SPDX-License-Identifier: MIT
// What a handle costs: copying, moving and dropping, beside counting references by hand.
#include "native.hpp"

#include <utility>

using namespace bench;

static Bound<PyAny> object(Python py) { return py.eval("object()"); }

/// A reference more and a reference less, on a pointer that is known not to be null.
ADDER_INLINE static void copy_capi(PyObject* object) {
  Py_INCREF(object);
  keep(object);
  Py_DECREF(object);
}

ADDER_INLINE static void copy_and_drop(const Bound<PyAny>& object) {
  auto copy = object;  // NOLINT(performance-unnecessary-copy-initialization): the copy is what is measured
  keep(copy.as_ptr());
}
ADDER_INLINE static void clone_and_drop(Python py, const Py<PyAny>& object) {
  auto copy = object.clone_ref(py);
  keep(copy.as_ptr());
  std::move(copy).drop_ref(py);
}

/// There and back again, in memory.
template <class Handle>
ADDER_INLINE static void move_twice(Handle& here) {
  Handle there(std::move(here));
  keep(&there);
  here = std::move(there);
  keep(&here);
}
ADDER_INLINE static void move_twice_capi(PyObject*& here) {
  PyObject* there = here;
  here = nullptr;
  keep(&there);
  PyObject* old = here;
  here = there;
  there = nullptr;
  Py_XDECREF(old);
  keep(&here);
  Py_XDECREF(there);
}

[[gnu::noinline]] static void take(const Bound<PyAny>& object) { keep(object.as_ptr()); }
[[gnu::noinline]] static void take_capi(PyObject* object) { keep(object); }

// clang-format off
BENCH(loop_empty)            { loop([] { keep(0); }); }

// A handle may have been moved from and has to look, where the C side knows better; codegen.cpp shows that this is all.
BENCH(copy_bound)            { auto b = object(py); loop([&] { copy_and_drop(b); }); }
BENCH(copy_bound_capi)       { auto b = object(py); loop([&] { copy_capi(b.as_ptr()); }); }
BENCH(copy_borrowed)         { auto b = object(py); loop([&] { Borrowed<PyAny> copy = b; keep(copy.as_ptr()); }); }
BENCH(copy_borrowed_capi)    { auto b = object(py); loop([&] { keep(b.as_ptr()); }); }
BENCH(clone_ref_py)          { auto p = object(py).unbind(); loop([&] { clone_and_drop(py, p); }); }
BENCH(clone_ref_py_capi)     { auto p = object(py).unbind(); loop([&] { copy_capi(p.as_ptr()); }); }
// The destructor of Py asks whether this thread is attached; Py_DECREF takes it for granted.
BENCH(drop_py_attached)      { auto p = object(py).unbind(); loop([&] { keep(p.clone_ref(py).as_ptr()); }); }
BENCH(drop_py_attached_capi) { auto p = object(py).unbind(); loop([&] { copy_capi(p.as_ptr()); }); }

BENCH(move_bound)            { auto here = object(py); loop([&] { move_twice(here); }); }
BENCH(move_bound_capi)       { auto* here = object(py).into_ptr(); loop([&] { move_twice_capi(here); }); }
BENCH(move_py)               { auto here = object(py).unbind(); loop([&] { move_twice(here); }); }
BENCH(move_py_capi)          { auto* here = object(py).into_ptr(); loop([&] { move_twice_capi(here); }); }

// The universal parameter: an argument that the caller keeps owning.
BENCH(pass_bound)            { auto b = object(py); loop([&] { take(b); }); }
BENCH(pass_bound_capi)       { auto b = object(py); loop([&] { take_capi(b.as_ptr()); }); }
BENCH(pass_list_as_any)      { auto b = py.eval("[]").downcast<PyList>(); loop([&] { take(b); }); }
BENCH(pass_list_as_any_capi) { auto b = py.eval("[]").downcast<PyList>(); loop([&] { take_capi(b.as_ptr()); }); }
// clang-format on
