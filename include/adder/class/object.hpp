// SPDX-License-Identifier: MIT
/// @file
/// @brief Making and unmaking the objects of a pyclass.
///
/// The C++ value is built before anybody can see the object: Python never meets an unconstructed value, and an
/// exception in the constructor leaves nothing behind.
#pragma once
#include "adder/cell.hpp"

namespace adder::inline ADDER_ABI::detail {

/// A new object whose value is not built yet; null with MemoryError pending.
inline ::PyObject* allocate_object(::PyTypeObject* type) noexcept {
  // Not tp_alloc, which clears the memory first: these types are final and not tracked by the collector.
  return PyObject_New(::PyObject, type);
}

/// Frees an object whose value was never built, without running the type's deallocator.
ADDER_COLD inline void abandon_object(::PyObject* object) noexcept {
  ::PyTypeObject* type = Py_TYPE(object);
  // As a plain `object` it goes back to the allocator that it came from, with the interpreter's books kept.
  Py_SET_TYPE(object, &PyBaseObject_Type);
  Py_DECREF(object);
  Py_DECREF(type);
}

/// A new object of @p type with the value that `build(address)` makes. Null with MemoryError pending; throws what
/// @p build throws.
template <class T, class Build>
ADDER_INLINE ::PyObject* construct_object(::PyTypeObject* type, Build&& build) {
  ::PyObject* object = allocate_object(type);
  if (object == nullptr) [[unlikely]]
    return nullptr;
  PyCell<T>& cell = PyCell<T>::of(object);
  // An empty flag may share its address with the reference count: nothing is written there.
  if constexpr (!std::is_empty_v<typename PyCell<T>::Flag>) {
    ::new (static_cast<void*>(&cell.flag())) typename PyCell<T>::Flag();
  }
  try {
    build(static_cast<void*>(&cell.value()));
  } catch (...) {
    abandon_object(object);
    throw;
  }
  return object;
}

/// An object whose last reference is gone, with what destroys it.
struct DyingObject {
  ::PyObject* object;
  void (*destroy)(::PyObject*);
};

/// Destroys an object, or puts it aside where many destructions are under way: a long chain of objects that own each
/// other must not overflow the stack when its head goes. The outermost destruction goes through what was put aside.
/// (CPython's own trashcan serves only types that the collector tracks.)
ADDER_HIDDEN ADDER_NOINLINE inline void destroy_within_limits(DyingObject dying) noexcept {
  static constinit thread_local unsigned depth = 0;
  static constinit thread_local PlainArray<DyingObject>* postponed = nullptr;
  if (depth >= 64 && postponed != nullptr) {
    try {
      return postponed->push_back(dying);
    } catch (const std::bad_alloc&) {
      // Deeper, then.
    }
  }
  // The destructor may call Python; an exception that is already on its way must survive it.
  const ErrorScope pending(token());
  ++depth;
  if (depth == 1) {
    PlainArray<DyingObject> later;
    postponed = &later;
    guard_unwind([&] { dying.destroy(dying.object); });
    while (later.size() != 0) {
      const DyingObject next = later.pop_back();
      guard_unwind([&] { next.destroy(next.object); });
    }
    postponed = nullptr;
  } else {
    guard_unwind([&] { dying.destroy(dying.object); });
  }
  --depth;
}

/// Destroys the value and frees the object.
template <class T>
void destroy_object(::PyObject* object) {
  ::PyTypeObject* type = Py_TYPE(object);
  PyCell<T>::of(object).value().~T();
  type->tp_free(object);
  Py_DECREF(type);
}

/// tp_dealloc.
template <class T>
void deallocate_object(::PyObject* object) noexcept {
  if constexpr (std::is_trivially_destructible_v<T>) {
    destroy_object<T>(object);
  } else {
    destroy_within_limits({object, &destroy_object<T>});
  }
}

}  // namespace adder::inline ADDER_ABI::detail
