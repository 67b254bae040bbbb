// SPDX-License-Identifier: MIT
/// @file
/// @brief `std::expected<T, PyErr>` as what a bound function returns, where the standard library has it: a value, or
/// the exception that Python sees. Converts from and to `PyResult<T>` too.
#pragma once
#include "adder/convert/basic.hpp"

#include <expected>
#include <type_traits>
#include <utility>

#if defined(__cpp_lib_expected)
namespace adder::inline ADDER_ABI {

template <class T>
struct IntoPyObject<std::expected<T, PyErr>> {
  template <class E>
  static PyResult<Bound<PyAny>> into_py(Python py, E&& result) {
    if (!result.has_value()) return std::forward<E>(result).error();
    if constexpr (std::is_void_v<T>) {
      return detail::borrow(Py_None);
    } else {
      return adder::into_py(py, *std::forward<E>(result));
    }
  }
};

}  // namespace adder::inline ADDER_ABI
#endif
