// SPDX-License-Identifier: MIT
/// @file
/// @brief The plain functions of numpy_array.hpp.
#pragma once
#include "adder/array/detail/numpy_array.hpp"

#include <cstring>

namespace adder::inline ADDER_ABI::detail {

ADDER_COLD ADDER_FUNC void look_for_numpy(::PyObject* object) noexcept {
  ::PyTypeObject* type = Py_TYPE(object);
  if (PyType_HasFeature(type, Py_TPFLAGS_HEAPTYPE) != 0 || std::strcmp(type->tp_name, "numpy.ndarray") != 0 ||
      looked_for_numpy.exchange(true, Order::relaxed)) {
    return;
  }
  ::PyObject* modules = PyImport_GetModuleDict();
  ::PyObject* module = PyDict_GetItemString(modules, "numpy._core._multiarray_umath");
  if (module == nullptr) module = PyDict_GetItemString(modules, "numpy.core._multiarray_umath");
  if (module == nullptr || !PyModule_Check(module)) return;
  ::PyObject* capsule = PyDict_GetItemString(PyModule_GetDict(module), "_ARRAY_API");
  if (capsule == nullptr || PyCapsule_IsValid(capsule, nullptr) == 0) return;
  // SAFETY: the table of numpy's C API: the first function gives the version of the ABI, the third entry is ndarray.
  auto* const* table = static_cast<void**>(PyCapsule_GetPointer(capsule, nullptr));
  const unsigned version = reinterpret_cast<unsigned (*)()>(table[0])();
  if (table[2] == static_cast<void*>(type) && (version == 0x01000009 || version == 0x02000000)) {
    numpy_array_type.store(type, Order::relaxed);
  }
}

}  // namespace adder::inline ADDER_ABI::detail
