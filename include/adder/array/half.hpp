// SPDX-License-Identifier: MIT
/// @file
/// @brief Half and BFloat16: numbers of 16 bits as arrays hold them, which become `float` to be computed with.
#pragma once
#include "adder/base/config.hpp"

#include <bit>
#include <cstdint>

namespace adder::inline ADDER_ABI {

namespace detail {

constexpr std::uint16_t bits_of_half(float value) noexcept {
  const auto raw = std::bit_cast<std::uint32_t>(value);
  const std::uint32_t sign = (raw >> 16) & 0x8000U, size = raw & 0x7fffffffU;
  std::uint32_t kept = 0, rest = 0, middle = 0;
  if (size > 0x7f800000U) {
    return static_cast<std::uint16_t>(sign | 0x7e00U | ((size >> 13) & 0x3ffU));  // Not a number: a quiet one.
  } else if (size >= 0x47800000U) {
    return static_cast<std::uint16_t>(sign | 0x7c00U);  // From 2**16 on: infinite.
  } else if (size >= 0x38800000U) {
    kept = (size - 0x38000000U) >> 13;
    rest = size & 0x1fffU;
    middle = 0x1000U;
  } else if (size >= 0x33000000U) {  // Below 2**-14: a multiple of 2**-24.
    const std::uint32_t shift = 126 - (size >> 23), mantissa = (size & 0x7fffffU) | 0x800000U;
    kept = mantissa >> shift;
    middle = 1U << (shift - 1);
    rest = mantissa & (2 * middle - 1);
  }
  // To the nearest, and of two that are equally near to the even one. What overflows the mantissa is in the exponent.
  if (rest > middle || (rest == middle && (kept & 1U) != 0)) ++kept;
  return static_cast<std::uint16_t>(sign | kept);
}

constexpr float value_of_half(std::uint16_t bits) noexcept {
  const std::uint32_t sign = (bits & 0x8000U) << 16, exponent = (bits >> 10) & 31U, mantissa = bits & 0x3ffU;
  if (exponent == 31) return std::bit_cast<float>(sign | 0x7f800000U | (mantissa << 13));
  if (exponent != 0) return std::bit_cast<float>(sign | ((exponent + 112) << 23) | (mantissa << 13));
  const float size = static_cast<float>(mantissa) * 0x1p-24F;
  return std::bit_cast<float>(std::bit_cast<std::uint32_t>(size) | sign);
}

constexpr std::uint16_t bits_of_bfloat(float value) noexcept {
  const auto raw = std::bit_cast<std::uint32_t>(value);
  if ((raw & 0x7fffffffU) > 0x7f800000U) return static_cast<std::uint16_t>((raw >> 16) | 0x40U);
  return static_cast<std::uint16_t>((raw + 0x7fffU + ((raw >> 16) & 1U)) >> 16);
}

}  // namespace detail

/// @brief A number of IEEE 754's binary16, which numpy calls `float16`. Computing with it computes with floats:
/// `h = Half(2 * h)`.
class Half {
 public:
  Half() noexcept = default;
  /// @brief The nearest one; of two that are equally near, the even one.
  constexpr explicit Half(float value) noexcept : bits_(detail::bits_of_half(value)) {}
  /// @brief The same number: each Half is a float.
  constexpr operator float() const noexcept { return detail::value_of_half(bits_); }  // NOLINT: exact
  /// @brief The number with these bits.
  static constexpr Half from_bits(std::uint16_t bits) noexcept {
    Half result(0.0F);
    result.bits_ = bits;
    return result;
  }
  /// @brief Its bits.
  constexpr std::uint16_t to_bits() const noexcept { return bits_; }

 private:
  std::uint16_t bits_;
};

/// @brief The upper half of a `float`: its range with 8 bits of precision. PyTorch and JAX call it `bfloat16`. Python's
/// buffer protocol has no such number, DLPack has.
class BFloat16 {
 public:
  BFloat16() noexcept = default;
  /// @brief The nearest one; of two that are equally near, the even one.
  constexpr explicit BFloat16(float value) noexcept : bits_(detail::bits_of_bfloat(value)) {}
  /// @brief The same number: each BFloat16 is a float.
  constexpr operator float() const noexcept {  // NOLINT(google-explicit-constructor): exact
    return std::bit_cast<float>(static_cast<std::uint32_t>(bits_) << 16);
  }
  /// @brief The number with these bits.
  static constexpr BFloat16 from_bits(std::uint16_t bits) noexcept {
    BFloat16 result(0.0F);
    result.bits_ = bits;
    return result;
  }
  /// @brief Its bits.
  constexpr std::uint16_t to_bits() const noexcept { return bits_; }

 private:
  std::uint16_t bits_;
};

}  // namespace adder::inline ADDER_ABI
