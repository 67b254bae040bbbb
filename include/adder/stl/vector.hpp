// SPDX-License-Identifier: MIT
/// @file
/// @brief Conversion of `std::vector<T>` from any sequence, and to `list`; of vectors of `std::uint8_t` and `std::byte`
/// from `bytes`, `bytearray` and other buffers of unsigned bytes, and to `bytes`, without a loop.
#pragma once
#include "adder/stl/detail/sequence.hpp"
#include "adder/types/bytes.hpp"

#include <cstddef>
#include <type_traits>
#include <vector>

namespace adder::inline ADDER_ABI {

template <class T>
struct FromPyObject<std::vector<T>> : detail::FromSequence<std::vector<T>> {};
template <class T>
struct IntoPyObject<std::vector<T>> : detail::IntoList<std::vector<T>> {};

namespace detail {
template <class T>
concept ByteLike = std::is_same_v<T, std::byte> || std::is_same_v<T, unsigned char>;
}  // namespace detail

template <detail::ByteLike T>
struct FromPyObject<std::vector<T>> : private detail::FromSequence<std::vector<T>> {
  static constexpr const char* expected() noexcept { return "bytes-like object"; }
  static PyResult<std::vector<T>> extract(const Bound<PyAny>& object) {
    ::PyObject* source = object.as_ptr();
    try {
      if (PyObject_CheckBuffer(source) != 0) {
        const detail::BufferView view(source, PyBUF_FORMAT | PyBUF_STRIDES);
        if (view.holds_bytes()) {
          const auto* bytes = static_cast<const T*>(view.data());
          return std::vector<T>(bytes, bytes + view.size());
        }
      }
    } catch (const PyErr& error) {
      return error;
    }
    // The bytes of other things are not their values: an array of doubles, or of signed bytes.
    if constexpr (std::is_same_v<T, unsigned char>) {
      return FromPyObject::from_items(source, expected(), detail::OtherItems::Bytes::taken);
    }
    return PyErr::Access::mismatch(expected(), source);
  }
};
template <detail::ByteLike T>
struct IntoPyObject<std::vector<T>> {
  static PyResult<Bound<PyAny>> into_py(Python py, const std::vector<T>& bytes) {
    ::PyObject* object =
        PyBytes_FromStringAndSize(reinterpret_cast<const char*>(bytes.data()), static_cast<Py_ssize_t>(bytes.size()));
    if (object == nullptr) return PyErr::fetch(py);
    return detail::steal(object);
  }
};

}  // namespace adder::inline ADDER_ABI
