// SPDX-License-Identifier: MIT
/// @file
/// @brief `std::expected<T, E>` as what a bound function returns, where the standard library has it (C++23): a value,
/// or the exception that Python sees. `std::expected<T, PyErr>` converts from and to `PyResult<T>` too.
///
/// | E                                        | the exception                                                       |
/// |------------------------------------------|---------------------------------------------------------------------|
/// | PyErr                                    | itself                                                              |
/// | a class derived from std::exception      | the same as if it were thrown: exception/translate.hpp, translators |
/// | std::error_code                          | OSError                                                             |
/// | std::string and other text               | RuntimeError                                                        |
/// | a type of yours                          | what its `IntoPyErr<E>` says                                        |
#pragma once
#include "adder/convert/basic.hpp"
#include "adder/exception/translate.hpp"

#include <version>
#if defined(__cpp_lib_expected)
#include <exception>
#include <expected>
#include <string>
#include <string_view>
#include <system_error>
#include <type_traits>
#include <utility>

namespace adder::inline ADDER_ABI {

/// @brief Which exception an error of yours is to Python. Specialise it for the E of a `std::expected<T, E>`.
/// @code
/// template <>
/// struct adder::IntoPyErr<ParseError> {
///   static PyErr into_err(Python, ParseError error) { return PyValueError::new_err(text_of(error)); }
/// };
/// @endcode
/// @gil  Held where it is called.
/// @pyo3{From<E> for PyErr}
template <class E>
struct IntoPyErr;

namespace detail {

template <class E>
concept HasIntoPyErr = requires { sizeof(IntoPyErr<E>); };

/// The exception that stands for an error.
template <class E>
ADDER_COLD PyErr error_from(Python py, E error) {
  if constexpr (HasIntoPyErr<E>) {
    return IntoPyErr<E>::into_err(py, std::move(error));
  } else if constexpr (std::is_same_v<E, PyErr>) {
    return error;
  } else if constexpr (std::is_convertible_v<const E&, std::string_view>) {
    if constexpr (std::is_pointer_v<E>) {
      if (error == nullptr) return PyErr::Access::lazy(PyExc_RuntimeError, "");
    }
    return PyErr::Access::lazy(PyExc_RuntimeError, std::string(std::string_view(error)));
  } else {
    try {
      if constexpr (std::is_same_v<E, std::error_code>) {
        throw std::system_error(error);
      } else if constexpr (std::is_base_of_v<std::exception, E>) {
        throw std::move(error);
      } else {
        static_assert(always_false<E>,
                      "adder: std::expected<T, E>: adder does not know which exception this error is. Specialise "
                      "adder::IntoPyErr<E>, derive it from std::exception, or return std::expected<T, PyErr>");
      }
    } catch (...) {
      translate_current_exception();
    }
    return PyErr::fetch(py);
  }
}

}  // namespace detail

template <class T, class Error>
struct IntoPyObject<std::expected<T, Error>> {
  template <class E>
  static PyResult<Bound<PyAny>> into_py(Python py, E&& result) {
    if (!result.has_value()) return detail::error_from<Error>(py, std::forward<E>(result).error());
    if constexpr (std::is_void_v<T>) {
      return detail::borrow(Py_None);
    } else {
      return adder::into_py(py, *std::forward<E>(result));
    }
  }
};

}  // namespace adder::inline ADDER_ABI
#endif
