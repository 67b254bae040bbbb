// SPDX-License-Identifier: MIT
/// @file
/// @brief What adder reads of numpy's arrays in place of asking for their buffer, and makes of memory in place of
/// calling `numpy.asarray`: either costs numpy more than the rest of a call.
///
/// The layout is that of numpy's C API, for which other extensions are compiled: the same in 1.x and 2.x. adder does
/// not need numpy: the first array that comes in is taken by the buffer protocol, and look_for_numpy asks the numpy
/// that made it for its version. Only arrays of just that type are read so, and only while there is a GIL: then no
/// other thread gives them another shape meanwhile. Arrays are made by the functions of the table of numpy's C API,
/// which has the same ones at the same places in 1.x and 2.x; of another numpy they are made by `asarray`.
#pragma once
#include "adder/base/detail/atomic.hpp"
#include "adder/base/python.hpp"  // IWYU pragma: keep (the macro PyObject_HEAD)

namespace adder::inline ADDER_ABI::detail {

struct NumpyType {
  PyObject_HEAD  //
      ::PyTypeObject* scalar;
  char kind, code;
  char order;  ///< '=' for this machine's, '|' where there is none.
  char former_flags;
  int number;
};
struct NumpyArray {
  PyObject_HEAD  //
      char* data;
  int ndim;
  Py_ssize_t* shape;
  Py_ssize_t* strides;  ///< In bytes.
  ::PyObject* base;
  NumpyType* type;
  int flags;
  static constexpr int writable = 0x400;
};

/// numpy.ndarray, once one came in and its layout is known.
ADDER_HIDDEN inline constinit Atomic<::PyTypeObject*> numpy_array_type{nullptr};
ADDER_HIDDEN inline constinit Atomic<bool> looked_for_numpy{false};

/// Learns numpy_array_type from an object that may be an array. Runs no Python code.
ADDER_COLD_CALL void look_for_numpy(::PyObject* object) noexcept;

/// The table of numpy's C API, once it was asked for and is one that is known.
ADDER_HIDDEN inline constinit Atomic<void**> numpy_table{nullptr};
/// The same, of the numpy that is loaded; null where there is none, or none that is known. Runs no Python code.
ADDER_COLD_CALL void** find_numpy_table() noexcept;

/// The number that numpy has for items of a format of PEP 3118; -1 where it has to read the format.
int numpy_number(const char* format) noexcept;
/// What an array of memory is made of. Strides are in bytes.
struct NumpyMemory {
  int number;
  int ndim;
  const Py_ssize_t* shape;
  const Py_ssize_t* strides;
  char* data;
  bool readonly;
};
/// A new array that keeps @p owner, a reference to which it takes in any case. Null with an exception pending.
::PyObject* new_numpy_array(void* const* table, const NumpyMemory& memory, ::PyObject* owner) noexcept;

ADDER_INLINE bool is_numpy_array(::PyObject* object) noexcept {
#if defined(Py_GIL_DISABLED)
  (void)object;
  return false;
#else
  // ORDER: what the pointer leads to is there as long as the process.
  return Py_TYPE(object) == numpy_array_type.load(Order::relaxed);
#endif
}

}  // namespace adder::inline ADDER_ABI::detail

#if !ADDER_COMPILED
#include "adder/array/detail/numpy_array_inl.hpp"
#endif
