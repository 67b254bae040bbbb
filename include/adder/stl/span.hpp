// SPDX-License-Identifier: MIT
/// @file
/// @brief Conversion of `std::span<const std::byte>` from `bytes`, which it points into, and to `bytes`.
///
/// As a parameter of a bound function it is valid for the call, from extract() as long as the object lives. A
/// `bytearray`, whose bytes may move, is refused: take `std::vector<std::uint8_t>`.
#pragma once
#include "adder/types/bytes.hpp"

#include <cstddef>
#include <span>

namespace adder::inline ADDER_ABI {

template <>
inline constexpr bool detail::views_object<std::span<const std::byte>> = true;
template <>
inline constexpr bool detail::extracts_quietly<std::span<const std::byte>> = true;

template <>
struct detail::InPlace<std::span<const std::byte>> {
  ADDER_INLINE static bool read(::PyObject* object, std::span<const std::byte>& out) noexcept {
    if (!PyBytes_Check(object)) return false;
    out = span_of<const std::byte>(PyBytes_AS_STRING(object), static_cast<std::size_t>(PyBytes_GET_SIZE(object)));
    return true;
  }
};

template <>
struct FromPyObject<std::span<const std::byte>> {
  static constexpr const char* expected() noexcept { return "bytes"; }
  static PyResult<std::span<const std::byte>> extract(const Bound<PyAny>& object);
};
template <>
struct IntoPyObject<std::span<const std::byte>> {
  static PyResult<Bound<PyAny>> into_py(Python py, std::span<const std::byte> bytes);
};

}  // namespace adder::inline ADDER_ABI

#if !ADDER_COMPILED
#include "adder/stl/detail/span_inl.hpp"
#endif
