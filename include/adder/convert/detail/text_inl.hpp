// SPDX-License-Identifier: MIT
/// @file
/// @brief The plain functions of text.hpp.
#pragma once
#include "adder/convert/text.hpp"

#include <string_view>

namespace adder::inline ADDER_ABI {

ADDER_FUNC PyResult<Bound<PyAny>> IntoPyObject<const char*>::into_py(Python py, const char* text) {
  if (text == nullptr) return detail::borrow(Py_None);
  return IntoPyObject<std::string_view>::into_py(py, text);
}

}  // namespace adder::inline ADDER_ABI
