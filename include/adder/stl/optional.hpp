// SPDX-License-Identifier: MIT
/// @file
/// @brief Conversion of `std::optional<T>`: `None` is the empty one.
#pragma once
#include "adder/convert/basic.hpp"

#include <optional>
#include <utility>

namespace adder::inline ADDER_ABI {

template <class T>
inline constexpr bool detail::extracts_quietly<std::optional<T>> = detail::extracts_quietly<T>;

template <class T>
inline constexpr bool detail::hands_object_over<std::optional<T>> = detail::hands_object_over<T>;

template <class T>
  requires detail::ReadsInPlace<T>
struct detail::InPlace<std::optional<T>> {
  ADDER_INLINE static bool read(::PyObject* object, std::optional<T>& out) noexcept {
    if (object == Py_None) return true;  // As which it comes.
    T value{};
    if (!InPlace<T>::read(object, value)) return false;
    out = value;
    return true;
  }
};

template <class T>
struct FromPyObject<std::optional<T>> {
  static constexpr const char* expected() noexcept { return "a value or None"; }
  ADDER_INLINE static PyResult<std::optional<T>> extract(const Bound<PyAny>& object) {
    if (object.as_ptr() == Py_None) return std::optional<T>();
    PyResult<T> value = detail::extract_from<T>(object);
    if (value.is_err()) return std::move(value).error();
    return PyResult<std::optional<T>>(std::in_place, std::move(value.value()));
  }
};
template <>
inline constexpr bool detail::may_recurse<std::nullopt_t> = false;
/// `arg("x") = std::nullopt` is a default of None.
template <>
struct IntoPyObject<std::nullopt_t> {
  static PyResult<Bound<PyAny>> into_py(Python, std::nullopt_t) { return detail::borrow(Py_None); }
};
template <class T>
struct IntoPyObject<std::optional<T>> {
  template <class O>
  static PyResult<Bound<PyAny>> into_py(Python py, O&& value) {
    if (!value.has_value()) return detail::borrow(Py_None);
    return adder::into_py(py, *std::forward<O>(value));
  }
  template <class O>
  static PyResult<Bound<PyAny>> into_key(Python py, O&& value) {
    if (!value.has_value()) return detail::borrow(Py_None);
    return detail::into_key(py, *std::forward<O>(value));
  }
};

}  // namespace adder::inline ADDER_ABI
