// SPDX-License-Identifier: MIT
/// @file
/// @brief BufferView<E>: memory of an object, described by hand; read_only. For class_buffer.hpp.
#pragma once
#include "adder/base/config.hpp"
#include "adder/base/python.hpp"  // IWYU pragma: keep (Py_ssize_t)

#include <concepts>
#include <cstddef>
#include <iterator>
#include <span>
#include <type_traits>
#include <utility>

namespace adder::inline ADDER_ABI {

/// @brief For ClassBuilder::buffer and ClassBuilder::array: Python may only read.
struct read_only {};  // NOLINT(readability-identifier-naming): reads like as_numpy

/// @brief Up to 8 lengths or strides, in items: `{height, width}`, or an array of integers.
class ArrayDims {
 public:
  /// @brief Left out.
  constexpr ArrayDims() noexcept = default;
  /// @brief One number for each dimension.
  template <std::integral... I>
    requires(sizeof...(I) != 0)
  constexpr ArrayDims(I... extents) noexcept : count_(0) {  // NOLINT(google-explicit-constructor): a list of numbers
    (add(extents), ...);
  }
  /// @brief As many as there are in @p range: a `std::array`, a `std::vector`.
  template <class Range>
    requires requires(const Range& range) { requires std::integral<std::remove_cvref_t<decltype(*std::begin(range))>>; }
  constexpr ArrayDims(const Range& range) : count_(0) {  // NOLINT(google-explicit-constructor): the same
    for (const auto& extent : range) add(extent);
  }

  /// Not for users. -1: left out. More than most: too many.
  constexpr int count() const noexcept { return count_; }
  constexpr Py_ssize_t operator[](int i) const noexcept { return values_[i]; }
  /// Not for users. One more dimension.
  template <std::integral I>
  constexpr void add(I extent) noexcept {
    if (count_ < 0) count_ = 0;
    if (count_ < most) values_[count_] = std::in_range<Py_ssize_t>(extent) ? static_cast<Py_ssize_t>(extent) : invalid;
    if (count_ <= most) ++count_;
  }
  /// How many dimensions there may be.
  static constexpr int most = 8;
  static constexpr Py_ssize_t invalid = PY_SSIZE_T_MIN;  ///< A number that does not fit.

 private:
  int count_ = -1;
  Py_ssize_t values_[most] = {};
};

/// @brief Memory of an object, described by hand: what a function for ClassBuilder::buffer returns.
/// @code
/// adder::BufferView<float> rows(Plot& plot) {
///   return {.memory = plot.samples, .shape = {plot.rows, plot.used}, .strides = {plot.pitch, 1}};
/// }
/// @endcode
/// What is described has to lie in the memory: else Python gets a BufferError.
/// @tparam E  See IsArrayElement; const where Python may not write.
template <class E>
struct BufferView {
  std::span<E> memory;     ///< All items that may be reached.
  ArrayDims shape = {};    ///< Left out: one dimension, of all items from offset on.
  ArrayDims strides = {};  ///< In items, negative ones too. Left out: side by side, the last index running fastest.
  std::size_t offset = 0;  ///< Of the item whose indices are 0.
};

}  // namespace adder::inline ADDER_ABI
