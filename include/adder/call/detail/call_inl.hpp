// SPDX-License-Identifier: MIT
/// @file
/// @brief The plain functions of call.hpp.
#pragma once
#include "adder/call/call.hpp"

#include <cstddef>
#include <cstdlib>
#include <string>

namespace adder::inline ADDER_ABI {

namespace detail {

ADDER_COLD ADDER_FUNC PyErr cannot_unpack(const char* what, ::PyObject* got) {
  return PyErr::Access::lazy(PyExc_TypeError,
                             std::string("argument after ").append(what).append(", not ").append(type_name_of(got)));
}

ADDER_COLD ADDER_FUNC ::PyObject* make_keyword_names(Atomic<::PyObject*>& cache, ::PyObject* const* names,
                                                     std::size_t count) {
  ::PyObject* tuple = non_null(guard_rare_unwind(PyTuple_New, static_cast<Py_ssize_t>(count)));
  for (std::size_t i = 0; i < count; ++i) PyTuple_SET_ITEM(tuple, static_cast<Py_ssize_t>(i), Py_NewRef(names[i]));
  return publish_once(cache, tuple);
}

/// `f() got multiple values for keyword argument 'x'`, or the complaint about a keyword that is no str.
[[noreturn]] ADDER_COLD ADDER_FUNC void refuse_keyword(::PyObject* callable, ::PyObject* key) {
  if (!PyUnicode_Check(key)) throw PyErr::Access::lazy(PyExc_TypeError, "keywords must be strings");
  const Bound<PyAny> target = borrow(callable);
  const auto name = target.getattr_opt("__qualname__"_s);
  PyErr_Format(PyExc_TypeError, "%S() got multiple values for keyword argument '%U'",
               name ? name->as_ptr() : reinterpret_cast<::PyObject*>(Py_TYPE(callable)), key);
  throw_fetched();
}

ADDER_FUNC void refuse_repeated(::PyObject* callable, ::PyObject* names) {
  for (Py_ssize_t i = 1; i < PyTuple_GET_SIZE(names); ++i) {
    for (Py_ssize_t j = 0; j < i; ++j) {
      if (PyUnicode_Compare(PyTuple_GET_ITEM(names, i), PyTuple_GET_ITEM(names, j)) == 0) {
        refuse_keyword(callable, PyTuple_GET_ITEM(names, i));
      }
    }
  }
}

ADDER_FUNC void ArgumentArray::reserve(std::size_t count) {
  if (count + 1 <= std::size(on_stack_)) return;
  items_ = static_cast<::PyObject**>(std::calloc(count + 1, sizeof(::PyObject*)));
  if (items_ == nullptr) {
    items_ = on_stack_;
    throw PyErr::Access::bare(PyExc_MemoryError);
  }
}

ADDER_FUNC void add_keyword(::PyObject* callable, ::PyObject* all, ::PyObject* key, ::PyObject* value) {
  if (!PyUnicode_Check(key) || non_negative(guard_unwind(PyDict_Contains, all, key)) != 0) {
    refuse_keyword(callable, key);
  }
  non_negative(guard_unwind(PyDict_SetItem, all, key, value));
}

}  // namespace detail

}  // namespace adder::inline ADDER_ABI
