// SPDX-License-Identifier: MIT
/// @file
/// @brief Raw pointers and objects that a GILPool owns from then on: the token's `from_owned_ptr` family and its casts.
/// Not part of adder.hpp; what owns a raw pointer is otherwise a handle, `Bound<T>::from_owned_ptr`.
#pragma once
#include "adder/object/any.hpp"
#include "adder/token/gil_pool.hpp"

#include <optional>
#include <utility>

namespace adder::inline ADDER_ABI {

namespace detail {
/// Takes over a reference that is not null, for the innermost pool.
template <class T>
Borrowed<T> pooled(::PyObject* object) {
  if (const char* problem = GILPool::Registry::adopt(object)) throw PyErr::Access::lazy(PyExc_RuntimeError, problem);
  return HandleAccess::peek<T>(object, {}, innermost_pool->serial);
}
}  // namespace detail

template <class T>
Borrowed<T> Python::from_owned_ptr(::PyObject* ptr) const {
  if (ptr == nullptr) detail::fatal("from_owned_ptr: the pointer is null", {});
  return detail::pooled<T>(ptr);
}
template <class T>
PyResult<Borrowed<T>> Python::from_owned_ptr_or_err(::PyObject* ptr) const {
  if (ptr == nullptr) return PyErr::fetch(*this);
  return detail::pooled<T>(ptr);
}
template <class T>
std::optional<Borrowed<T>> Python::from_owned_ptr_or_opt(::PyObject* ptr) const {
  if (ptr == nullptr) return std::nullopt;
  return detail::pooled<T>(ptr);
}

template <class T>
PyResult<Borrowed<T>> Python::checked_cast_as(PyObj object) const {
  Borrowed<PyAny> any = from_owned_ptr<PyAny>(std::move(object).into_ptr());
  if (!PyTypeInfo<T>::is_type_of(any.as_ptr()))
    return detail::downcast_error(any.as_ptr(), PyTypeInfo<T>::name(), detail::type_getter<T>());
  return detail::HandleAccess::peek<T>(any.as_ptr(), {}, detail::innermost_pool->serial);
}
template <class T>
Borrowed<T> Python::cast_as(PyObj object) const {
#if ADDER_CHECKED
  if (!PyTypeInfo<T>::is_type_of(object.as_ptr())) {
    detail::fatal("cast_as: the object is not of the type that the caller vouched for", {});
  }
#endif
  return from_owned_ptr<T>(std::move(object).into_ptr());
}

}  // namespace adder::inline ADDER_ABI
