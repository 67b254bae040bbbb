// SPDX-License-Identifier: MIT
/// @file
/// @brief The plain functions of string.hpp.
#pragma once
#include "adder/stl/string.hpp"

#include <string>
#include <string_view>
#include <utility>

namespace adder::inline ADDER_ABI {

ADDER_FUNC PyResult<std::string> FromPyObject<std::string>::extract(const Bound<PyAny>& object) {
  PyResult<std::string_view> view = FromPyObject<std::string_view>::extract(object);
  if (view.is_err()) [[unlikely]]
    return std::move(view).error();
  return std::string(*view);
}

namespace detail {

#if PY_VERSION_HEX < 0x030C0000

ADDER_NOINLINE ADDER_FUNC bool Simple<std::string>::has_surrogate(::PyObject* text) noexcept {
  const auto found = [size = PyUnicode_GET_LENGTH(text)](const auto* units) {
    bool any = false;  // Without a way out in the middle it is done several at a time.
    for (Py_ssize_t i = 0; i < size; ++i) any |= (units[i] & ~0x7FFU) == 0xD800;
    return any;
  };
  return PyUnicode_KIND(text) == PyUnicode_2BYTE_KIND ? found(PyUnicode_2BYTE_DATA(text))
                                                      : found(PyUnicode_4BYTE_DATA(text));
}
#endif

}  // namespace detail

}  // namespace adder::inline ADDER_ABI
