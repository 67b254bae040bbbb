// SPDX-License-Identifier: MIT
/// @file
/// @brief The plain functions of exception_types.hpp.
#pragma once
#include "adder/error/detail/panic.hpp"
#include "adder/exception/exception_types.hpp"

namespace adder::inline ADDER_ABI {

namespace detail {

ADDER_COLD ADDER_FUNC ::PyTypeObject* make_exception(Atomic<::PyObject*>& cache, const char* name, const char* doc,
                                                     ::PyTypeObject* (*const* bases)(), std::size_t count) {
  const AttachScope attached(AttachScope::IfNone::start);
  if (!attached.attached()) throw_unavailable();
  const ErrorScope pending(token());  // new_err is called where C code has just failed, too.
  // A list first: finding a base may run Python code, which must not see a tuple with holes.
  const OwnedPtr found(Steal(), non_null(PyList_New(0)), {});
  for (std::size_t i = 0; i < count; ++i) {
    non_negative(PyList_Append(found.as_ptr(), reinterpret_cast<::PyObject*>(bases[i]())));
  }
  const OwnedPtr all(Steal(), non_null(PyList_AsTuple(found.as_ptr())), {});
  // Guarded: the base may have an __init_subclass__.
  ::PyObject* type =
      non_null(guard_unwind(PyErr_NewExceptionWithDoc, name, doc[0] == '\0' ? nullptr : doc, all.as_ptr(), nullptr));
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
