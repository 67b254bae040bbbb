// SPDX-License-Identifier: MIT
/// @file
/// @brief The plain functions of numpy_array.hpp.
#pragma once
#include "adder/array/detail/numpy_array.hpp"
#include "adder/token/detail/refcount.hpp"
#include "adder/token/detail/unwind.hpp"

#include <cstddef>
#include <cstring>
#include <string_view>

namespace adder::inline ADDER_ABI::detail {

ADDER_COLD ADDER_FUNC void** find_numpy_table() noexcept {
  ::PyObject* modules = PyImport_GetModuleDict();
  ::PyObject* module = PyDict_GetItemString(modules, "numpy._core._multiarray_umath");
  if (module == nullptr) module = PyDict_GetItemString(modules, "numpy.core._multiarray_umath");
  if (module == nullptr || !PyModule_Check(module)) return nullptr;
  ::PyObject* capsule = PyDict_GetItemString(PyModule_GetDict(module), "_ARRAY_API");
  if (capsule == nullptr || PyCapsule_IsValid(capsule, nullptr) == 0) return nullptr;
  // SAFETY: the table of numpy's C API: the first function gives the version of the ABI, the third entry is ndarray.
  auto** table = static_cast<void**>(PyCapsule_GetPointer(capsule, nullptr));
  const unsigned version = reinterpret_cast<unsigned (*)()>(table[0])();
  return version == 0x01000009 || version == 0x02000000 ? table : nullptr;
}

ADDER_COLD ADDER_FUNC void look_for_numpy(::PyObject* object) noexcept {
  ::PyTypeObject* type = Py_TYPE(object);
  if (PyType_HasFeature(type, Py_TPFLAGS_HEAPTYPE) != 0 || std::strcmp(type->tp_name, "numpy.ndarray") != 0 ||
      looked_for_numpy.exchange(true, Order::relaxed)) {
    return;
  }
  void* const* table = find_numpy_table();
  if (table != nullptr && table[2] == static_cast<void*>(type)) numpy_array_type.store(type, Order::relaxed);
}

ADDER_FUNC int numpy_number(const char* format) noexcept {
  constexpr std::string_view letters = "?bBhHiIlLqQfdg";  // In the order of their numbers.
  const char letter = format[0];
  if (letter == 'Z') return format[1] == 'f' ? 14 : format[1] == 'd' ? 15 : -1;
  if (letter == '\0' || format[1] != '\0') return -1;
  if (letter == 'e') return 23;
  const std::size_t place = letters.find(letter);
  return place == letters.npos ? -1 : static_cast<int>(place);
}

ADDER_FUNC ::PyObject* new_numpy_array(void* const* table, const NumpyMemory& memory, ::PyObject* owner) noexcept {
  // SAFETY: PyArray_DescrFromType, PyArray_NewFromDescr and PyArray_SetBaseObject have these places and types in all
  // releases since 1.7. What is made has the flags that asarray gives: those of order and alignment numpy finds out.
  using FromType = ::PyObject* (*)(int);
  using FromDescr =
      ::PyObject* (*)(void*, ::PyObject*, int, const Py_ssize_t*, const Py_ssize_t*, void*, int, ::PyObject*);
  using SetBase = int (*)(::PyObject*, ::PyObject*);
  const int flags = memory.readonly ? 0x100 : 0x100 | NumpyArray::writable;
  ::PyObject* type = guard_unwind([&] { return reinterpret_cast<FromType>(table[45])(memory.number); });
  ::PyObject* array = type == nullptr ? nullptr : guard_unwind([&] {
    return reinterpret_cast<FromDescr>(table[94])(table[2], type, memory.ndim, memory.shape, memory.strides,
                                                  memory.data, flags, nullptr);
  });
  if (array == nullptr) {
    release(owner);
    return nullptr;
  }
  if (guard_unwind([&] { return reinterpret_cast<SetBase>(table[282])(array, owner); }) == 0) return array;
  release(array);
  return nullptr;
}

}  // namespace adder::inline ADDER_ABI::detail
