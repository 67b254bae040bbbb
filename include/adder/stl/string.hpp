// SPDX-License-Identifier: MIT
/// @file
/// @brief Conversion of `std::string` (UTF-8) to and from `str`.
#pragma once
#include "adder/conversions/text.hpp"

namespace adder::inline ADDER_ABI {

template <>
struct FromPyObject<std::string> {
  static constexpr const char* expected() noexcept { return "str"; }
  static PyResult<std::string> extract(const Bound<PyAny>& object) {
    PyResult<std::string_view> text = FromPyObject<std::string_view>::extract(object);
    if (text.is_err()) return std::move(text).error();
    return std::string(*text);
  }
};
template <>
struct IntoPyObject<std::string> : IntoPyObject<std::string_view> {};

}  // namespace adder::inline ADDER_ABI
