// SPDX-License-Identifier: MIT
/// @file
/// @brief The plain functions of bytes.hpp.
#pragma once
#include "adder/types/bytes.hpp"
#include "adder/types/detail/get_buffer.hpp"

#include <cstddef>
#include <string_view>

namespace adder::inline ADDER_ABI {

namespace detail {

ADDER_FUNC BufferView::Items BufferView::items() const noexcept {
  std::string_view format = view_.format == nullptr ? "B" : view_.format;
  if (!format.empty() && std::string_view("@=<>!").find(format.front()) != std::string_view::npos) {
    format.remove_prefix(1);
  }
  // The dates of numpy, as single objects, say that they are bytes and leave the strides out that they were asked for.
  if (view_.ndim != 1 || view_.strides == nullptr) return Items::others;
  if (view_.len > 1 && view_.strides[0] != 1) return Items::others;
  return format == "B" || format == "c" ? Items::bytes : format == "b" ? Items::signed_bytes : Items::others;
}

ADDER_FUNC bool BufferView::any_high_bit() const noexcept {
  unsigned char all = 0;
  const auto* bytes = static_cast<const unsigned char*>(view_.buf);
  for (std::size_t i = 0; i < size(); ++i) all = static_cast<unsigned char>(all | bytes[i]);
  return all > 127;
}

}  // namespace detail

ADDER_FUNC Py_ssize_t PyBytes::checked(std::size_t size) {
  if (size > PY_SSIZE_T_MAX) throw PyErr::Access::bare(PyExc_MemoryError);
  return static_cast<Py_ssize_t>(size);
}

namespace detail {

ADDER_FUNC BufferView::BufferView(::PyObject* object, int flags) {
  const KeptAlive kept(object);  // A `__buffer__` may be written in Python.
  non_negative(guard_unwind(get_buffer, object, view_, flags));
}

ADDER_FUNC BufferView::~BufferView() { guard_unwind(release_buffer, view_); }

}  // namespace detail

}  // namespace adder::inline ADDER_ABI
