// SPDX-License-Identifier: MIT
/// @file
/// @brief The plain functions of exception_types.hpp.
#pragma once
#include "adder/error/detail/panic.hpp"
#include "adder/exception/exception_types.hpp"

namespace adder::inline ADDER_ABI {

namespace detail {

ADDER_COLD ADDER_FUNC ::PyTypeObject* make_exception(Atomic<::PyObject*>& cache, const char* name, const char* doc,
                                                     ::PyTypeObject* (*base)()) {
  const AttachScope attached(AttachScope::IfNone::start);
  if (!attached.attached()) throw_unavailable();
  const ErrorScope pending(token());  // new_err is called where C code has just failed, too.
  ::PyObject* base_type = reinterpret_cast<::PyObject*>(base());
  // Guarded: the base may have an __init_subclass__.
  ::PyObject* type =
      non_null(guard_unwind(PyErr_NewExceptionWithDoc, name, doc[0] == '\0' ? nullptr : doc, base_type, nullptr));
  return reinterpret_cast<::PyTypeObject*>(publish_once(cache, type));
}

}  // namespace detail

ADDER_FUNC ::PyTypeObject* PanicException::find_type() {
  ::PyObject* type = detail::panic_class.load(detail::Order::acquire);
  if (type != nullptr) [[likely]]
    return reinterpret_cast<::PyTypeObject*>(type);
  const detail::AttachScope attached(detail::AttachScope::IfNone::start);
  if (!attached.attached()) detail::throw_unavailable();
  type = detail::panic_type();
  if (type == nullptr) throw PyMemoryError::new_err("out of memory while making PanicException");
  return reinterpret_cast<::PyTypeObject*>(type);
}

}  // namespace adder::inline ADDER_ABI
