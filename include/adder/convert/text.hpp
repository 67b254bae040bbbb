// SPDX-License-Identifier: MIT
/// @file
/// @brief Conversions of text that need no `stl/` header: `std::string_view` and `const char*`.
///
/// A view taken from a Python `str` points into that object: as a parameter of a bound function it is valid for the
/// call, from extract() as long as the object lives.
#pragma once
#include "adder/object/any.hpp"

#include <cstddef>
#include <string_view>

namespace adder::inline ADDER_ABI {

template <>
inline constexpr bool detail::extracts_quietly<std::string_view> = true;

namespace detail {
/// The text of a `str` whose own text is UTF-8: nearly every one.
ADDER_INLINE bool read_ascii(::PyObject* text, std::string_view& out) noexcept {
  if (!PyUnicode_IS_COMPACT_ASCII(text)) return false;
  out = {reinterpret_cast<const char*>(PyUnicode_1BYTE_DATA(text)),
         static_cast<std::size_t>(PyUnicode_GET_LENGTH(text))};
  return true;
}
}  // namespace detail

template <>
struct FromPyObject<std::string_view> {
  static constexpr const char* expected() noexcept { return "str"; }
  ADDER_INLINE static PyResult<std::string_view> extract(const Bound<PyAny>& object) {
    if (!PyUnicode_Check(object.as_ptr())) [[unlikely]]
      return PyErr::Access::mismatch("str", object.as_ptr());
    Py_ssize_t size = 0;
    const char* text = PyUnicode_AsUTF8AndSize(object.as_ptr(), &size);
    if (text == nullptr) [[unlikely]]
      return PyErr::fetch(object.py());
    return detail::view_of(text, size);
  }
};
template <>
struct IntoPyObject<std::string_view> {
  /// @param py    The token.
  /// @param text  UTF-8; anything else is a UnicodeDecodeError.
  ADDER_INLINE static PyResult<Bound<PyAny>> into_py(Python py, std::string_view text) {
    ::PyObject* string = PyUnicode_FromStringAndSize(text.data(), static_cast<Py_ssize_t>(text.size()));
    if (string == nullptr) [[unlikely]]
      return PyErr::fetch(py);
    return detail::steal(string);
  }
};
/// A null pointer becomes None.
template <>
struct IntoPyObject<const char*> {
  static PyResult<Bound<PyAny>> into_py(Python py, const char* text);
};
template <>
struct IntoPyObject<char*> : IntoPyObject<const char*> {};
template <std::size_t N>
struct IntoPyObject<char[N]> : IntoPyObject<std::string_view> {};
template <detail::FixedString Text>
struct IntoPyObject<Interned<Text>> {
  ADDER_INLINE static PyResult<Bound<PyAny>> into_py(Python py, Interned<Text> name) {
    return detail::borrow(name.get(py));
  }
};

namespace detail {
/// An interned name as an argument or key costs no reference.
template <FixedString Text>
class AsArgument<Interned<Text>&&> {
 public:
  ADDER_INLINE explicit AsArgument(Interned<Text> name) : object_(name.get(token())) {}
  ADDER_INLINE ::PyObject* as_ptr() const noexcept { return object_; }

 private:
  ::PyObject* object_;
};
}  // namespace detail

}  // namespace adder::inline ADDER_ABI

#if !ADDER_COMPILED
#include "adder/convert/detail/text_inl.hpp"
#endif
