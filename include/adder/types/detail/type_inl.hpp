// SPDX-License-Identifier: MIT
/// @file
/// @brief The plain functions of type.hpp.
#pragma once
#include "adder/types/type.hpp"

namespace adder::inline ADDER_ABI {

namespace detail {

ADDER_COLD ADDER_FUNC ::PyTypeObject* new_type(::PyObject* module, PyType_Spec& spec, ::PyObject* base) {
  ::PyObject* type = guard_unwind(PyType_FromModuleAndSpec, module, &spec, base);
  if (type == nullptr && PyErr_Occurred() == nullptr) PyErr_NoMemory();
  return reinterpret_cast<::PyTypeObject*>(non_null(type));
}

}  // namespace detail

}  // namespace adder::inline ADDER_ABI
