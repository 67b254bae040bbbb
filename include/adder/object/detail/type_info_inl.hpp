// SPDX-License-Identifier: MIT
/// @file
/// @brief The plain functions of type_info.hpp.
#pragma once
#include "adder/object/type_info.hpp"

#include <string>
#include <utility>

namespace adder::inline ADDER_ABI {

namespace detail {

ADDER_COLD ADDER_FUNC ::PyTypeObject* import_type_slowly(Atomic<::PyObject*>& cache, const char* module,
                                                         const char* name) {
  ::PyObject* imported = non_null(guard_unwind(PyImport_ImportModule, module));
  ::PyObject* type = guard_unwind(PyObject_GetAttrString, imported, name);
  Py_DECREF(imported);
  non_null(type);
  if (!PyType_Check(type)) {
    std::string message = "the tag of ";
    message.append(module).append(".").append(name).append(" stands for no type but for a '");
    message.append(type_name_of(type)).append("' object");
    Py_DECREF(type);
    throw PyErr::Access::lazy(PyExc_TypeError, message);
  }
  return reinterpret_cast<::PyTypeObject*>(publish_once(cache, type));
}

ADDER_COLD ADDER_FUNC PyErr no_order(::PyObject* left, ::PyObject* right) {
  std::string message = "'";
  message.append(type_name_of(left)).append("' and '").append(type_name_of(right));
  return PyErr::Access::lazy(PyExc_TypeError, std::move(message.append("' objects have no order")));
}

}  // namespace detail

}  // namespace adder::inline ADDER_ABI
