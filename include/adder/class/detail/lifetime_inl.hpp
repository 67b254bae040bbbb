// SPDX-License-Identifier: MIT
/// @file
/// @brief The plain functions of lifetime.hpp.
#pragma once
#include "adder/class/detail/lifetime.hpp"

#include <cstdio>
#include <new>

namespace adder::inline ADDER_ABI {

namespace detail {

/// What `object` says of a class that leaves abstract methods of its bases out.
ADDER_COLD ADDER_FUNC void refuse_unfinished(::PyTypeObject* type) noexcept {
  guard_unwind([&] {
    const auto owned = [](::PyObject* object) { return steal(non_null(object)); };
    try {
      const Bound<PyAny> names =
          owned(PyObject_GetAttrString(reinterpret_cast<::PyObject*>(type), "__abstractmethods__"));
      const Bound<PyAny> sorted = owned(PySequence_List(names.as_ptr()));
      non_negative(PyList_Sort(sorted.as_ptr()));
      const Bound<PyAny> comma = owned(PyUnicode_FromString(", "));
      const Bound<PyAny> text = owned(PyUnicode_Join(comma.as_ptr(), sorted.as_ptr()));
      PyErr_Format(PyExc_TypeError, "Can't instantiate abstract class %s with abstract method%s %U", type->tp_name,
                   PyList_GET_SIZE(sorted.as_ptr()) > 1 ? "s" : "", text.as_ptr());
    } catch (const PyErr& error) {
      error.restore(token());
    }
  });
}

ADDER_FUNC ::PyObject* allocate_subclass(::PyTypeObject* type) noexcept {
  if (PyType_HasFeature(type, Py_TPFLAGS_IS_ABSTRACT)) [[unlikely]] {
    refuse_unfinished(type);
    return nullptr;
  }
  ::PyObject* object = guard_rare_unwind(type->tp_alloc, type, 0);
  if (object != nullptr && PyType_IS_GC(type)) PyObject_GC_UnTrack(object);
  return object;
}

ADDER_COLD ADDER_FUNC void track_subclass(::PyObject* object) noexcept {
  if (PyObject_IS_GC(object) != 0 && PyObject_GC_IsTracked(object) == 0) PyObject_GC_Track(object);
}

ADDER_COLD ADDER_FUNC void abandon_plain(::PyObject* object) noexcept {
  ::PyTypeObject* type = Py_TYPE(object);
  // As a plain `object` it goes back to the allocator that it came from, with the interpreter's books kept.
  Py_SET_TYPE(object, &PyBaseObject_Type);
  Py_DECREF(object);
  Py_DECREF(type);
}

ADDER_COLD ADDER_FUNC void abandon_shaped(::PyObject* object, bool asked) noexcept {
  ::PyTypeObject* type = Py_TYPE(object);
  // Python code must not see the object: no __del__ of a Python subclass, neither now nor, for objects that the
  // collector knows, once they have been put aside: those are marked as finalised. Our own deallocators know what is
  // abandoned, and those of Python's subclasses belong to types that can be changed.
  const destructor finalize = PyType_HasFeature(type, Py_TPFLAGS_IMMUTABLETYPE) ? nullptr : type->tp_finalize;
#if defined(Py_GIL_DISABLED)
  if (finalize != nullptr) return;  // Leaked: other threads may need the type's finaliser at this moment.
#endif
  if (asked) {
    auto* entry = abandoned_first.object == nullptr ? &abandoned_first : new (std::nothrow) AbandonedObject;
    if (entry == nullptr) return;  // Leaked.
    *entry = {object, abandoned_objects};
    abandoned_objects = entry;
    destructions.limit = 0;
  }
  const ErrorScope pending(token());
  Py_INCREF(type);
  if (finalize != nullptr && PyType_IS_GC(type)) {
    type->tp_finalize = [](::PyObject*) {};
    PyObject_CallFinalizer(object);
    type->tp_finalize = finalize;
    guard_unwind(Py_DecRef, object);
  } else {
    if (finalize != nullptr) type->tp_finalize = nullptr;
    guard_unwind(Py_DecRef, object);
    if (finalize != nullptr) type->tp_finalize = finalize;
  }
  Py_DECREF(type);
}

ADDER_COLD ADDER_FUNC void abandon_open(::PyObject* object) noexcept {
  const ::PyTypeObject* type = Py_TYPE(object);
  // One of the class itself. (Python's collector knows the objects of all Python classes.)
  if (type->tp_free == PyBaseObject_Type.tp_free || type->tp_free == &free_uncollected) return abandon_plain(object);
  // Ours is called by subtype_dealloc, which Python classes have in common.
  const destructor outermost = type->tp_dealloc;
  while (type->tp_dealloc == outermost && outermost != free_trivial) type = type->tp_base;
  abandon_shaped(object, type->tp_dealloc != free_trivial);
}

ADDER_COLD ADDER_FUNC ::PyObject* allocate_native(::PyTypeObject* root, ::PyTypeObject* type, ::PyObject* args,
                                                  bool takes_args) noexcept {
  takes_args = takes_args || PyType_FastSubclass(root, Py_TPFLAGS_BASE_EXC_SUBCLASS) != 0;
  ::PyObject* own_args = takes_args && args != nullptr ? Py_NewRef(args) : guard_rare_unwind(PyTuple_New, 0);
  if (own_args == nullptr) return nullptr;
  ::PyObject* object = guard_unwind(root->tp_new, type, own_args, nullptr);
  if (object != nullptr && !Py_IS_TYPE(object, type)) {
    PyErr_Format(PyExc_TypeError, "'%s' cannot be the base of a pyclass: its __new__ made a '%s' object for '%s'",
                 root->tp_name, Py_TYPE(object)->tp_name, type->tp_name);
    release(object);
    object = nullptr;
  }
  if (object != nullptr) PyObject_GC_UnTrack(object);
  if (object != nullptr && takes_args && root->tp_init != PyBaseObject_Type.tp_init) {
    if (guard_unwind(root->tp_init, object, own_args, nullptr) < 0) {
      abandon_shaped(object);
      object = nullptr;
    } else {
      PyObject_GC_UnTrack(object);  // dict.__init__ and the like have it tracked again.
    }
  }
  Py_DECREF(own_args);
  return object;
}

ADDER_COLD ADDER_FUNC void report_foreign_drop(::PyTypeObject* type) noexcept {
  PyErr_Format(PyExc_RuntimeError,
               "'%s' object is unsendable, but its last reference went on another thread: the value is leaked",
               type->tp_name);
  guard_unwind(PyErr_WriteUnraisable, reinterpret_cast<::PyObject*>(type));
}

ADDER_COLD ADDER_FUNC void report_waiting_drop(::PyTypeObject* type) noexcept {
  std::fprintf(stderr,
               "adder: the interpreter is shutting down while another thread is still inside with_gil: an object of "
               "'%s' is leaked, as its destructor might wait for that thread\n",
               type->tp_name);
  std::fflush(stderr);
}

}  // namespace detail

}  // namespace adder::inline ADDER_ABI
