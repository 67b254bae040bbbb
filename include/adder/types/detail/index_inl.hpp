// SPDX-License-Identifier: MIT
/// @file
/// @brief The plain functions of index.hpp.
#pragma once
#include "adder/token/detail/unwind.hpp"
#include "adder/types/index.hpp"

namespace adder::inline ADDER_ABI {

ADDER_COLD ADDER_FUNC void Index::refuse() { throw PyErr::Access::lazy(PyExc_IndexError, "index out of range"); }

ADDER_FUNC PyResult<Index> FromPyObject<Index>::extract(const Bound<PyAny>& object) {
  ::PyObject* source = object.as_ptr();
  if (PyIndex_Check(source) == 0) return PyErr::Access::mismatch(expected(), source);
  const Py_ssize_t value = detail::guard_unwind(PyNumber_AsSsize_t, source, PyExc_IndexError);
  if (value == -1 && PyErr_Occurred() != nullptr) return PyErr::fetch(object.py());
  return Index(value);
}

}  // namespace adder::inline ADDER_ABI
