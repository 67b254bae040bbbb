// SPDX-License-Identifier: MIT
/// @file
/// @brief Conversion of `std::vector<T>` from any sequence, and to `list`; of vectors of `std::uint8_t` and `std::byte`
/// to `bytes`. From bytes-like objects, in one copy: `std::uint8_t`, `std::byte`, `std::int8_t`, `char`.
#pragma once
#include "adder/stl/detail/sequence.hpp"

#include <cstddef>
#include <type_traits>
#include <vector>

namespace adder::inline ADDER_ABI {

template <class T>
  requires IsNoPyClass<std::vector<T>>
struct FromPyObject<std::vector<T>> : detail::FromSequence<std::vector<T>> {};
template <class T>
  requires IsNoPyClass<std::vector<T>>
struct IntoPyObject<std::vector<T>> : detail::IntoList<std::vector<T>> {};

namespace detail {
/// What Python knows as bytes, both ways.
template <class T>
concept Octet = std::is_same_v<T, std::byte> || std::is_same_v<T, unsigned char>;
}  // namespace detail

template <detail::Octet T>
  requires IsNoPyClass<std::vector<T>>
struct FromPyObject<std::vector<T>> : private detail::FromSequence<std::vector<T>> {
  static constexpr const char* expected() noexcept { return "bytes-like object"; }
  static PyResult<std::vector<T>> extract(const Bound<PyAny>& object) {
    return FromPyObject::from_items(object.as_ptr(), expected());
  }
};
template <detail::Octet T>
  requires IsNoPyClass<std::vector<T>>
struct IntoPyObject<std::vector<T>> {
  static PyResult<Bound<PyAny>> into_py(Python py, const std::vector<T>& bytes) {
    ::PyObject* object =
        PyBytes_FromStringAndSize(reinterpret_cast<const char*>(bytes.data()), static_cast<Py_ssize_t>(bytes.size()));
    if (object == nullptr) return PyErr::fetch(py);
    return detail::steal(object);
  }
};

}  // namespace adder::inline ADDER_ABI
