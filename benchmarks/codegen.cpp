// SPDX-License-Identifier: MIT
// Pairs of functions that have to compile to the same instructions: X_adder with handles, X_capi by hand. Compiled and
// compared by check_codegen.py.
//
// A handle may have been moved from, which the compiler knows only where it sees the move. So the twin of a handle from
// elsewhere counts with Py_XINCREF and Py_XDECREF. Py_INCREF and Py_DECREF are the twin of handles that are known to be
// full, marked by `full`.
#include "adder/adder.hpp"

#include <new>
#include <utility>

using adder::Borrowed;
using adder::Bound;
using adder::Py;
using adder::PyAny;
using adder::PyList;

#define PAIR extern "C" __attribute__((visibility("default")))

// Throws nothing: in C nobody cleans up behind an exception either.
using Use = void (*)(PyObject*) noexcept;
using UseBound = void (*)(const Bound<PyAny>&) noexcept;
using UsePointer = void (*)(PyObject* const&) noexcept;

static inline void full(PyObject* object) {
  if (object == nullptr) __builtin_unreachable();
}

// --- copy ------------------------------------------------------------------------------------------------------------
PAIR void copy_adder(const Bound<PyAny>& b, Use use) noexcept {
  Bound<PyAny> copy(b);
  use(copy.as_ptr());
}
PAIR void copy_capi(PyObject* const& b, Use use) noexcept {
  PyObject* copy = b;
  Py_XINCREF(copy);
  use(copy);
  Py_XDECREF(copy);
}

PAIR void copy_full_adder(const Bound<PyAny>& b, Use use) noexcept {
  full(b.as_ptr());
  Bound<PyAny> copy(b);
  use(copy.as_ptr());
}
PAIR void copy_full_capi(PyObject* const& b, Use use) noexcept {
  full(b);
  PyObject* copy = b;
  Py_INCREF(copy);
  use(copy);
  Py_DECREF(copy);
}

PAIR void copy_typed_adder(const Bound<PyList>& b, Use use) noexcept {
  full(b.as_ptr());
  Bound<PyList> copy(b);
  use(copy.as_ptr());
}
PAIR void copy_typed_capi(PyObject* const& b, Use use) noexcept {
  full(b);
  PyObject* copy = b;
  Py_INCREF(copy);
  use(copy);
  Py_DECREF(copy);
}

PAIR void copy_into_memory_adder(const Bound<PyAny>& b, void* to) noexcept { ::new (to) Bound<PyAny>(b); }
PAIR void copy_into_memory_capi(PyObject* const& b, void* to) noexcept {
  PyObject* copy = b;
  *static_cast<PyObject**>(to) = copy;
  Py_XINCREF(copy);
}

PAIR void copy_assign_adder(Bound<PyAny>& to, const Bound<PyAny>& from) noexcept {
  full(from.as_ptr());
  full(to.as_ptr());
  to = from;
}
PAIR void copy_assign_capi(PyObject*& to, PyObject* const& from) noexcept {
  full(from);
  full(to);
  PyObject* copy = from;
  Py_INCREF(copy);
  // Where a count is a 32-bit number, the compiler takes it that writing one may have changed `to`.
  PyObject* old = to;
  to = copy;
  Py_XDECREF(old);
}

// --- move ------------------------------------------------------------------------------------------------------------
PAIR void move_adder(Bound<PyAny>& from, void* to) noexcept { ::new (to) Bound<PyAny>(std::move(from)); }
PAIR void move_capi(PyObject*& from, void* to) noexcept {
  PyObject* moved = from;
  from = nullptr;
  *static_cast<PyObject**>(to) = moved;
}

PAIR void move_upcast_adder(Bound<PyList>& from, void* to) noexcept { ::new (to) Bound<PyAny>(std::move(from)); }
PAIR void move_upcast_capi(PyObject*& from, void* to) noexcept {
  PyObject* moved = from;
  from = nullptr;
  *static_cast<PyObject**>(to) = moved;
}

PAIR void move_assign_adder(Bound<PyAny>& to, Bound<PyAny>& from) noexcept { to = std::move(from); }
PAIR void move_assign_capi(PyObject*& to, PyObject*& from) noexcept {
  PyObject* moved = from;
  from = nullptr;
  PyObject* old = to;
  to = moved;
  Py_XDECREF(old);
}

PAIR void move_and_drop_adder(Bound<PyAny>& from, Use use) noexcept {
  Bound<PyAny> moved(std::move(from));
  use(moved.as_ptr());
}
PAIR void move_and_drop_capi(PyObject*& from, Use use) noexcept {
  PyObject* moved = from;
  from = nullptr;
  use(moved);
  Py_XDECREF(moved);
}

PAIR void unbind_adder(Bound<PyAny>& from, void* to) noexcept { ::new (to) Py<PyAny>(std::move(from)); }
PAIR void unbind_capi(PyObject*& from, void* to) noexcept {
  PyObject* moved = from;
  from = nullptr;
  *static_cast<PyObject**>(to) = moved;
}

PAIR void move_py_adder(Py<PyAny>& from, void* to) noexcept { ::new (to) Py<PyAny>(std::move(from)); }
PAIR void move_py_capi(PyObject*& from, void* to) noexcept {
  PyObject* moved = from;
  from = nullptr;
  *static_cast<PyObject**>(to) = moved;
}

PAIR PyObject* into_ptr_adder(Bound<PyAny>& from) noexcept { return std::move(from).into_ptr(); }
PAIR PyObject* into_ptr_capi(PyObject*& from) noexcept {
  PyObject* moved = from;
  from = nullptr;
  return moved;
}

// --- drop ------------------------------------------------------------------------------------------------------------
PAIR void drop_adder(Bound<PyAny>& b) noexcept { b.~Bound(); }
PAIR void drop_capi(PyObject*& b) noexcept { Py_XDECREF(b); }

PAIR void drop_full_adder(Bound<PyList>& b) noexcept {
  full(b.as_ptr());
  b.~Bound();
}
PAIR void drop_full_capi(PyObject*& b) noexcept {
  full(b);
  Py_DECREF(b);
}

PAIR void drop_borrowed_adder(Borrowed<PyAny>& b) noexcept { b.~Borrowed(); }
PAIR void drop_borrowed_capi(PyObject*&) noexcept {}

// --- pass ------------------------------------------------------------------------------------------------------------
PAIR void pass_adder(const Bound<PyAny>& b, UseBound use) noexcept { use(b); }
PAIR void pass_capi(PyObject* const& b, UsePointer use) noexcept { use(b); }

PAIR void pass_upcast_adder(const Bound<PyList>& b, UseBound use) noexcept { use(b); }
PAIR void pass_upcast_capi(PyObject* const& b, UsePointer use) noexcept { use(b); }

PAIR void pass_bind_adder(const Py<PyAny>& p, UseBound use) noexcept {
  use(p.bind(adder::Python::assume_gil_acquired()));
}
PAIR void pass_bind_capi(PyObject* const& p, UsePointer use) noexcept { use(p); }

PAIR PyObject* look_adder(const Bound<PyList>& b) noexcept { return b.as_any().as_ptr(); }
PAIR PyObject* look_capi(PyObject* const& b) noexcept { return b; }

// A reference taken over, used and dropped: what every call that returns an object goes through.
PAIR void own_result_adder(PyObject* result, Use use) noexcept {
  full(result);
  auto b = Bound<PyAny>::from_owned_ptr(adder::Python::assume_gil_acquired(), result);
  use(b.as_ptr());
}
PAIR void own_result_capi(PyObject* result, Use use) noexcept {
  full(result);
  use(result);
  Py_DECREF(result);
}

// --- GILOnceCell -----------------------------------------------------------------------------------------------------
// One load and a branch. On x86 any load acquires.
PAIR PyObject* cell_get_adder(const adder::GILOnceCell<Py<PyAny>>& cell, adder::Python py) noexcept {
  const Py<PyAny>* value = cell.get(py);
  return value == nullptr ? nullptr : value->as_ptr();
}
struct CellByHand {
  PyObject* value;
  bool is_static;
  unsigned state;
};
PAIR PyObject* cell_get_capi(const CellByHand& cell, adder::Python) noexcept {
  return __atomic_load_n(&cell.state, __ATOMIC_ACQUIRE) == 2 ? cell.value : nullptr;
}
