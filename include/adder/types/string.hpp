// SPDX-License-Identifier: MIT
/// @file
/// @brief PyString.
#pragma once
#include "adder/base/detail/string_fwd.hpp"
#include "adder/call/call.hpp"

#include <concepts>
#include <cstddef>
#include <string_view>
#include <utility>

namespace adder::inline ADDER_ABI {

/// @brief The methods of a handle to a `str`.
/// @pyo3{PyString}
template <class Self>
struct PyStringMethods : PyAnyMethods<Self> {
  using Where = detail::Location;
  using String = detail::Late<std::string, Self>;  ///< std::string, which is complete where `<string>` is included.

  /// @brief The text as UTF-8. Lives as long as the Python object, which caches it.
  /// @throws PyErr  UnicodeEncodeError for text with lone surrogates.
  std::string_view to_str(Where where = Where::current()) const& ADDER_LIFETIMEBOUND {
    Py_ssize_t size = 0;
    const char* text = PyUnicode_AsUTF8AndSize(this->use("to_str", where), &size);
    if (text == nullptr) [[unlikely]]
      detail::throw_fetched();
    return detail::view_of(text, size);
  }
  std::string_view to_str(Where = {}) const&&
    requires detail::is_specialization<Self, Bound>
  = delete;  // The string may die at the end of the expression: write to_string().
  /// @brief The text as UTF-8 in a string of its own. Callers include `<string>`.
  /// @throws PyErr  UnicodeEncodeError for text with lone surrogates.
  String to_string(Where where = Where::current()) const {
    return String(static_cast<const PyStringMethods&>(*this).to_str(where));
  }
  /// @brief The same with U+FFFD in the place of each lone surrogate. A high one right before a low one is not alone:
  /// both become the character that they stand for.
  String to_string_lossy(Where where = Where::current()) const {
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
  /// @brief `len(self)`: the number of code points.
  std::size_t len(Where where = Where::current()) const {
    return static_cast<std::size_t>(PyUnicode_GET_LENGTH(this->use("len", where)));
  }
  /// @brief Whether there are none.
  bool is_empty(Where where = Where::current()) const { return len(where) == 0; }
  /// @brief `self.encode()`.
  /// @throws PyErr  UnicodeEncodeError for text with lone surrogates.
  /// @pyo3{PyString::encode_utf8}
  Bound<detail::Late<PyBytes, Self>> encode_utf8(Where where = Where::current()) const {
    return this->template own<detail::Late<PyBytes, Self>>(PyUnicode_AsUTF8String(this->use("encode_utf8", where)),
                                                           where);
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
  template <std::same_as<PyString> T = PyString>
  static Bound<T> new_(Python py, std::string_view text) {
    (void)py;
    return detail::steal<T>(
        detail::non_null(PyUnicode_FromStringAndSize(text.data(), static_cast<Py_ssize_t>(text.size()))));
  }
  /// @brief The interned string of that text. A literal that does not change is `"text"_s`.
  /// @param py    The token.
  /// @param text  UTF-8, may contain NUL.
  /// @throws PyErr  UnicodeDecodeError for invalid UTF-8.
  /// @pyo3{PyString::intern}
  template <std::same_as<PyString> T = PyString>
  static Bound<T> intern(Python py, std::string_view text) {
    (void)py;
    ::PyObject* string = PyUnicode_FromStringAndSize(text.data(), static_cast<Py_ssize_t>(text.size()));
    if (string != nullptr) PyUnicode_InternInPlace(&string);
    return detail::steal<T>(detail::non_null(string));
  }
  /// @brief `str(object, encoding, errors)`.
  /// @param object    bytes, or what supports the buffer protocol.
  /// @param encoding  A codec's name.
  /// @param errors    How it handles errors: "strict", "replace", ...
  /// @throws PyErr    UnicodeDecodeError, LookupError for an unknown codec, TypeError.
  /// @pyo3{PyString::from_encoded_object}
  template <class U>
  static Bound<detail::Late<PyString, U>> from_encoded_object(const Bound<U>& object, const char* encoding = "utf-8",
                                                              const char* errors = "strict") {
    const auto source = detail::HandleAccess::use_alive(object, "PyString::from_encoded_object", {});
    return detail::steal<detail::Late<PyString, U>>(
        detail::non_null(detail::guard_unwind(PyUnicode_FromEncodedObject, source, encoding, errors)));
  }
  /// @brief `format.format(arguments...)`, with Python's format language and conversions.
  /// @pyo3{PyString::from_fmt}
  template <class... V>
  static Bound<detail::Late<PyString, detail::TypeList<V...>>> from_fmt(Python py, std::string_view format,
                                                                        V&&... arguments) {
    using Made = detail::Late<PyString, detail::TypeList<V...>>;
    return Made::new_(py, format).call_method("format"_s, std::forward<V>(arguments)...).template downcast<Made>();
  }
};

}  // namespace adder::inline ADDER_ABI
