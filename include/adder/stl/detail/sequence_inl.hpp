// SPDX-License-Identifier: MIT
/// @file
/// @brief The plain functions of sequence.hpp.
#pragma once
#include "adder/stl/detail/sequence.hpp"

namespace adder::inline ADDER_ABI {

namespace detail {

ADDER_FUNC bool is_stable_array(::PyObject* source) noexcept {
#if !defined(Py_GIL_DISABLED)
  if (PyList_CheckExact(source)) return true;
#endif
  return PyTuple_CheckExact(source) != 0;
}

ADDER_FUNC Py_ssize_t length_hint(::PyObject* source) {
  const Py_ssize_t size = guard_unwind([&] { return PySequence_Size(source); });
  return size < 4096 || PyList_CheckExact(source) || PyTuple_CheckExact(source) ? size : 4096;
}

}  // namespace detail

}  // namespace adder::inline ADDER_ABI
