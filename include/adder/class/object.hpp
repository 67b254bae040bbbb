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
inline ::PyObject* allocate_object(::PyTypeObject* type) noexcept { return type->tp_alloc(type, 0); }

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
  ::new (static_cast<void*>(&cell.flag())) typename PyCell<T>::Flag();
  try {
    build(static_cast<void*>(&cell.value()));
  } catch (...) {
    abandon_object(object);
    throw;
  }
  return object;
}

/// tp_dealloc.
template <class T>
void deallocate_object(::PyObject* object) noexcept {
  ::PyTypeObject* type = Py_TYPE(object);
  if constexpr (!std::is_trivially_destructible_v<T>) {
    // The destructor may call Python; an exception that is already on its way must survive it.
    ErrorScope pending(token());
    PyCell<T>::of(object).value().~T();
  }
  type->tp_free(object);
  Py_DECREF(type);
}

}  // namespace adder::inline ADDER_ABI::detail
