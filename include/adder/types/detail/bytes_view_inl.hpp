// SPDX-License-Identifier: MIT
/// @file
/// @brief The plain functions of bytes_view.hpp.
#pragma once
#include "adder/types/bytes_view.hpp"
#include "adder/types/detail/get_buffer.hpp"

namespace adder::inline ADDER_ABI {

ADDER_FUNC bool BytesView::fill(::PyObject* object) noexcept {
  const detail::KeptAlive kept(object);  // A `__buffer__` may be written in Python.
  return detail::guard_unwind(detail::get_buffer, object, view_, PyBUF_SIMPLE) == 0;
}

ADDER_FUNC void BytesView::fill_or_throw(::PyObject* object) {
  if (PyObject_CheckBuffer(object) == 0) {
    throw PyErr::Access::mismatch(FromPyObject<BytesView>::expected(), object);
  }
  if (!fill(object)) detail::throw_fetched();
}

ADDER_FUNC void BytesView::release() noexcept {
  const auto give_back = [this](Python) { detail::guard_unwind_of_c([this] { detail::release_buffer(view_); }); };
  if (detail::is_attached()) {
    give_back(detail::token());
  } else {
    Python::try_with_gil(give_back);  // With no interpreter left nobody wants it back.
  }
}

ADDER_FUNC PyResult<BytesView> FromPyObject<BytesView>::extract(const Bound<PyAny>& object) {
  ::PyObject* source = object.as_ptr();
  if (PyObject_CheckBuffer(source) == 0) return PyErr::Access::mismatch(expected(), source);
  BytesView view;
  if (!view.fill(source)) return PyErr::fetch(object.py());
  return view;
}

}  // namespace adder::inline ADDER_ABI
