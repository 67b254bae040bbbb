// SPDX-License-Identifier: MIT
/// @file
/// @brief Conversion of single characters: `char32_t` and `wchar_t` are one code point, `char16_t` one that fits,
/// `char` and `char8_t` an ASCII character.
#pragma once
#include "adder/object/any.hpp"

#include <type_traits>

namespace adder::inline ADDER_ABI {

namespace detail {

template <class T>
concept Character = std::is_same_v<T, char> || std::is_same_v<T, char8_t> || std::is_same_v<T, char16_t> ||
                    std::is_same_v<T, char32_t> || std::is_same_v<T, wchar_t>;

ADDER_COLD_CALL PyErr not_one_character(::PyObject* string);
ADDER_COLD_CALL PyErr character_too_large(Py_UCS4 character, const char* what);

template <Character T>
inline constexpr bool extracts_quietly<T> = true;

}  // namespace detail

template <detail::Character T>
struct FromPyObject<T> {
  static constexpr const char* expected() noexcept { return "str"; }
  static PyResult<T> extract(const Bound<PyAny>& object) {
    ::PyObject* source = object.as_ptr();
    if (!PyUnicode_Check(source)) return PyErr::Access::mismatch(expected(), source);
    if (PyUnicode_GET_LENGTH(source) != 1) return detail::not_one_character(source);
    const Py_UCS4 character = PyUnicode_ReadChar(source, 0);
    if (character > largest) return detail::character_too_large(character, unit());
    return static_cast<T>(character);
  }

 private:
  friend struct IntoPyObject<T>;
  static constexpr Py_UCS4 largest = sizeof(T) == 1 ? 0x7F : sizeof(T) == 2 ? 0xFFFF : 0x10FFFF;
  static constexpr const char* unit() noexcept {
    return sizeof(T) == 1 ? "a one-byte character (ASCII)" : sizeof(T) == 2 ? "a UTF-16 unit" : "a character";
  }
};
template <detail::Character T>
struct IntoPyObject<T> {
  static PyResult<Bound<PyAny>> into_py(Python py, T character) {
    const auto value = static_cast<Py_UCS4>(static_cast<std::make_unsigned_t<T>>(character));
    if (value > FromPyObject<T>::largest) return detail::character_too_large(value, FromPyObject<T>::unit());
    ::PyObject* string = PyUnicode_FromOrdinal(static_cast<int>(value));
    if (string == nullptr) return PyErr::fetch(py);
    return detail::steal(string);
  }
};

}  // namespace adder::inline ADDER_ABI

#if !ADDER_COMPILED
#include "adder/convert/detail/chars_inl.hpp"
#endif
