// SPDX-License-Identifier: MIT
/// @file
/// @brief PyString and PyBytes.
#pragma once
#include "adder/types/any.hpp"

#include <span>

namespace adder::inline ADDER_ABI {

/// @brief The methods of a handle to a `str`.
/// @pyo3{PyString}
template <class Self>
struct PyStringMethods : PyAnyMethods<Self> {
  using Where = detail::Location;
  /// @brief The text as UTF-8. Lives as long as the Python object, which caches it.
  /// @throws PyErr  UnicodeEncodeError for text with lone surrogates.
  std::string_view to_str(Where where = Where::current()) const& ADDER_LIFETIMEBOUND {
    Py_ssize_t size = 0;
    const char* text = PyUnicode_AsUTF8AndSize(this->use("to_str", where), &size);
    if (text == nullptr) [[unlikely]]
      detail::throw_fetched();
    return {text, static_cast<std::size_t>(size)};
  }
  std::string_view to_str(Where = {}) const&&
    requires detail::is_specialization<Self, Bound>
  = delete;  // The string may die at the end of the expression: write to_string().
  /// @brief The text as UTF-8 in a string of its own.
  /// @throws PyErr  UnicodeEncodeError for text with lone surrogates.
  std::string to_string(Where where = Where::current()) const {
    return std::string(static_cast<const PyStringMethods&>(*this).to_str(where));
  }
  /// @brief The same with U+FFFD in the place of each lone surrogate.
  std::string to_string_lossy(Where where = Where::current()) const {
    ::PyObject* self = this->use("to_string_lossy", where);
    Py_ssize_t size = 0;
    if (const char* text = PyUnicode_AsUTF8AndSize(self, &size)) return {text, static_cast<std::size_t>(size)};
    PyErr_Clear();
    // "replace" would give '?'; a detour over UTF-16 lets the decoder put U+FFFD.
    ::PyObject* units = detail::non_null(PyUnicode_AsEncodedString(self, "utf-16-le", "surrogatepass"));
    int order = -1;
    ::PyObject* clean = PyUnicode_DecodeUTF16(PyBytes_AS_STRING(units), PyBytes_GET_SIZE(units), "replace", &order);
    Py_DECREF(units);
    const auto owner = detail::steal<detail::LateAny<Self>>(detail::non_null(clean));
    const char* text = PyUnicode_AsUTF8AndSize(clean, &size);
    if (text == nullptr) detail::throw_fetched();
    return {text, static_cast<std::size_t>(size)};
  }
};

/// @brief The tag of `str`.
struct PyString : detail::FlaggedType<"str", &PyUnicode_Type, Py_TPFLAGS_UNICODE_SUBCLASS> {
  template <class Self>
  using Methods = PyStringMethods<Self>;
  /// @brief A new string.
  /// @param py    The token.
  /// @param text  UTF-8, may contain NUL.
  /// @throws PyErr  UnicodeDecodeError for invalid UTF-8.
  /// @pyo3{PyString::new}
  static Bound<PyString> new_(Python py, std::string_view text);
  /// @brief The interned string of that text.
  /// @pyo3{PyString::intern}
  static Bound<PyString> intern(Python py, std::string_view text);
};

/// @brief The methods of a handle to a `bytes`.
/// @pyo3{PyBytes}
template <class Self>
struct PyBytesMethods : PyAnyMethods<Self> {
  using Where = detail::Location;
  /// @brief The bytes, in place. They live as long as the Python object.
  std::span<const std::byte> as_bytes(Where where = Where::current()) const& ADDER_LIFETIMEBOUND {
    ::PyObject* self = this->use("as_bytes", where);
    return {reinterpret_cast<const std::byte*>(PyBytes_AS_STRING(self)),
            static_cast<std::size_t>(PyBytes_GET_SIZE(self))};
  }
  std::span<const std::byte> as_bytes(Where = {}) const&&
    requires detail::is_specialization<Self, Bound>
  = delete;  // The object may die at the end of the expression: keep the handle in a variable.
  /// @brief The bytes as characters, in place.
  std::string_view as_string_view(Where where = Where::current()) const& ADDER_LIFETIMEBOUND {
    ::PyObject* self = this->use("as_string_view", where);
    return {PyBytes_AS_STRING(self), static_cast<std::size_t>(PyBytes_GET_SIZE(self))};
  }
  std::string_view as_string_view(Where = {}) const&&
    requires detail::is_specialization<Self, Bound>
  = delete;  // As as_bytes.
};

/// @brief The tag of `bytes`.
struct PyBytes : detail::FlaggedType<"bytes", &PyBytes_Type, Py_TPFLAGS_BYTES_SUBCLASS> {
  template <class Self>
  using Methods = PyBytesMethods<Self>;
  /// @brief A new object with a copy of @p bytes.
  /// @pyo3{PyBytes::new}
  static Bound<PyBytes> new_(Python py, std::span<const std::byte> bytes);
  /// @brief The same from characters.
  static Bound<PyBytes> new_(Python py, std::string_view bytes);
};

inline Bound<PyString> PyString::new_(Python, std::string_view text) {
  return detail::steal<PyString>(
      detail::non_null(PyUnicode_FromStringAndSize(text.data(), static_cast<Py_ssize_t>(text.size()))));
}
inline Bound<PyString> PyString::intern(Python, std::string_view text) {
  ::PyObject* string = PyUnicode_FromStringAndSize(text.data(), static_cast<Py_ssize_t>(text.size()));
  if (string != nullptr) PyUnicode_InternInPlace(&string);
  return detail::steal<PyString>(detail::non_null(string));
}
inline Bound<PyBytes> PyBytes::new_(Python, std::string_view bytes) {
  return detail::steal<PyBytes>(
      detail::non_null(PyBytes_FromStringAndSize(bytes.data(), static_cast<Py_ssize_t>(bytes.size()))));
}
inline Bound<PyBytes> PyBytes::new_(Python py, std::span<const std::byte> bytes) {
  return new_(py, std::string_view(reinterpret_cast<const char*>(bytes.data()), bytes.size()));
}

inline Name::Name(const Bound<PyString>& string)
    : string_(detail::HandleAccess::use(string, "used as a name", {})), owned_(false) {}
inline Name::Name(const Borrowed<PyString>& string)
    : string_(detail::HandleAccess::use(string, "used as a name", {})), owned_(false) {}

}  // namespace adder::inline ADDER_ABI
