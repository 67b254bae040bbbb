// SPDX-License-Identifier: MIT
/// @file
/// @brief The plain functions of bytes.hpp.
#pragma once
#include "adder/types/bytes.hpp"

#include <cstddef>
#include <string_view>

namespace adder::inline ADDER_ABI {

namespace detail {

ADDER_FUNC bool BufferView::holds_bytes() const noexcept {
  std::string_view format = view_.format == nullptr ? "B" : view_.format;
  if (!format.empty() && std::string_view("@=<>!").find(format.front()) != std::string_view::npos) {
    format.remove_prefix(1);
  }
  return (format == "B" || format == "c") && view_.ndim == 1 && (view_.len < 2 || view_.strides[0] == 1);
}

}  // namespace detail

ADDER_FUNC Py_ssize_t PyBytes::checked(std::size_t size) {
  if (size > PY_SSIZE_T_MAX) throw PyErr::Access::bare(PyExc_MemoryError);
  return static_cast<Py_ssize_t>(size);
}

namespace detail {

ADDER_FUNC BufferView::BufferView(::PyObject* object, int flags) {
  const KeptAlive kept(object);  // A `__buffer__` may be written in Python.
  non_negative(guard_unwind([&] { return PyObject_GetBuffer(object, &view_, flags); }));
}

ADDER_FUNC BufferView::~BufferView() {
  guard_unwind([&] { PyBuffer_Release(&view_); });
}

}  // namespace detail

}  // namespace adder::inline ADDER_ABI
