// SPDX-License-Identifier: MIT
/// @file
/// @brief Conversion of `std::string` (UTF-8) and of `std::u8string`, `u16string`, `u32string` and `wstring` from `str`
/// and to `str`.
#pragma once
#include "adder/convert/basic.hpp"

#include <bit>
#include <cstddef>
#include <cstring>
#include <string>
#include <string_view>

namespace adder::inline ADDER_ABI {

template <>
inline constexpr bool detail::extracts_quietly<std::string> = true;

template <>
struct FromPyObject<std::string> {
  static constexpr const char* expected() noexcept { return "str"; }
  static PyResult<std::string> extract(const Bound<PyAny>& object);
};
template <>
struct IntoPyObject<std::string> : IntoPyObject<std::string_view> {};

namespace detail {
template <>
struct Simple<std::string> {
  using Value = std::string_view;
  ADDER_INLINE static bool read(::PyObject* object, std::string_view& out) noexcept {
    if (!PyUnicode_Check(object)) return false;
    if (read_ascii(object, out)) [[likely]]
      return true;
#if PY_VERSION_HEX < 0x030C0000
    // Refused without an exception, whose making may run the garbage collector and with it any finalizer.
    if (PyUnicode_KIND(object) != PyUnicode_1BYTE_KIND && has_surrogate(object)) [[unlikely]]
      return false;
#endif
    Py_ssize_t size = 0;
    const char* text = PyUnicode_AsUTF8AndSize(object, &size);
    if (text == nullptr) [[unlikely]] {
      PyErr_Clear();
      return false;
    }
    out = {text, static_cast<std::size_t>(size)};
    return true;
  }
  ADDER_INLINE static ::PyObject* store(const std::string& text) noexcept {
    return PyUnicode_FromStringAndSize(text.data(), static_cast<Py_ssize_t>(text.size()));
  }

 private:
#if PY_VERSION_HEX < 0x030C0000
  static bool has_surrogate(::PyObject* text) noexcept;
#endif
};

/// Text in code units of one to four bytes: UTF-8, UTF-16 or UTF-32, after their size.
template <class Char>
struct WideText {
  using String = std::basic_string<Char>;
  static constexpr const char* expected() noexcept { return "str"; }
  /// A lone surrogate is a UnicodeEncodeError.
  static PyResult<String> extract(const Bound<PyAny>& object) {
    ::PyObject* source = object.as_ptr();
    if (!PyUnicode_Check(source)) return PyErr::Access::mismatch(expected(), source);
    ::PyObject* bytes = PyUnicode_AsEncodedString(source, codec(), "strict");
    if (bytes == nullptr) return PyErr::fetch(object.py());
    const Bound<PyAny> owner = steal(bytes);
    const auto size = static_cast<std::size_t>(PyBytes_GET_SIZE(bytes));
    String result(size / sizeof(Char), Char());
    if (size != 0) std::memcpy(result.data(), PyBytes_AS_STRING(bytes), size);
    return result;
  }
  /// What is no valid text is a UnicodeDecodeError.
  static PyResult<Bound<PyAny>> into_py(Python py, const String& text) {
    ::PyObject* string = PyUnicode_Decode(reinterpret_cast<const char*>(text.data()),
                                          static_cast<Py_ssize_t>(text.size() * sizeof(Char)), codec(), "strict");
    if (string == nullptr) return PyErr::fetch(py);
    return steal(string);
  }

 private:
  static constexpr const char* codec() noexcept {
    if constexpr (sizeof(Char) == 1) return "utf-8";
    constexpr bool little = std::endian::native == std::endian::little;
    if constexpr (sizeof(Char) == 2) return little ? "utf-16-le" : "utf-16-be";
    return little ? "utf-32-le" : "utf-32-be";
  }
};
}  // namespace detail

template <>
struct FromPyObject<std::u8string> : detail::WideText<char8_t> {};
template <>
struct IntoPyObject<std::u8string> : detail::WideText<char8_t> {};
template <>
struct FromPyObject<std::u16string> : detail::WideText<char16_t> {};
template <>
struct IntoPyObject<std::u16string> : detail::WideText<char16_t> {};
template <>
struct FromPyObject<std::u32string> : detail::WideText<char32_t> {};
template <>
struct IntoPyObject<std::u32string> : detail::WideText<char32_t> {};
template <>
struct FromPyObject<std::wstring> : detail::WideText<wchar_t> {};
template <>
struct IntoPyObject<std::wstring> : detail::WideText<wchar_t> {};

}  // namespace adder::inline ADDER_ABI

#if !ADDER_COMPILED
#include "adder/stl/detail/string_inl.hpp"
#endif
