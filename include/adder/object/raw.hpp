// SPDX-License-Identifier: MIT
/// @file
/// @brief Raw pointers to borrowed handles: the token's `from_borrowed_ptr` family.
#pragma once
#include "adder/object/any.hpp"

#include <optional>

namespace adder::inline ADDER_ABI {

template <class T>
Borrowed<T> Python::from_borrowed_ptr(::PyObject* ptr) const {
  if (ptr == nullptr) detail::fatal("from_borrowed_ptr: the pointer is null", {});
  return detail::peek<T>(ptr);
}
template <class T>
PyResult<Borrowed<T>> Python::from_borrowed_ptr_or_err(::PyObject* ptr) const {
  if (ptr == nullptr) return PyErr::fetch(*this);
  return detail::peek<T>(ptr);
}
template <class T>
std::optional<Borrowed<T>> Python::from_borrowed_ptr_or_opt(::PyObject* ptr) const {
  if (ptr == nullptr) return std::nullopt;
  return detail::peek<T>(ptr);
}

}  // namespace adder::inline ADDER_ABI
