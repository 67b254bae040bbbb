// SPDX-License-Identifier: MIT
/// @file
/// @brief The plain functions of span.hpp.
#pragma once
#include "adder/stl/span.hpp"

#include <cstddef>
#include <span>

namespace adder::inline ADDER_ABI {

ADDER_FUNC PyResult<std::span<const std::byte>> FromPyObject<std::span<const std::byte>>::extract(
    const Bound<PyAny>& object) {
  ::PyObject* source = object.as_ptr();
  if (!PyBytes_Check(source)) return PyErr::Access::mismatch(expected(), source);
  return detail::span_of<const std::byte>(PyBytes_AS_STRING(source),
                                          static_cast<std::size_t>(PyBytes_GET_SIZE(source)));
}

ADDER_FUNC PyResult<Bound<PyAny>> IntoPyObject<std::span<const std::byte>>::into_py(Python py,
                                                                                    std::span<const std::byte> bytes) {
  ::PyObject* object =
      PyBytes_FromStringAndSize(reinterpret_cast<const char*>(bytes.data()), static_cast<Py_ssize_t>(bytes.size()));
  if (object == nullptr) return PyErr::fetch(py);
  return detail::steal(object);
}

}  // namespace adder::inline ADDER_ABI
