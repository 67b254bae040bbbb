// SPDX-License-Identifier: MIT
/// @file
/// @brief PlainArray: a growing array of plain values, as `<vector>` costs too much in every file.
#pragma once
#include "adder/base/detail/meta.hpp"

#include <cstddef>
#include <cstdlib>
#include <cstring>
#include <new>

namespace adder::inline ADDER_ABI::detail {

/// A growing array of plain values.
template <class T>
class PlainArray {
  static_assert(is_trivially_copyable<T>);

 public:
  PlainArray() noexcept = default;
  PlainArray(const PlainArray&) = delete;
  PlainArray& operator=(const PlainArray&) = delete;
  ~PlainArray() { std::free(items_); }

  /// @throws std::bad_alloc  No memory.
  void push_back(T value) {
    if (size_ == capacity_) {
      const std::size_t capacity = capacity_ == 0 ? 16 : 2 * capacity_;
      void* grown =
          std::realloc(static_cast<void*>(items_), capacity * sizeof(T));  // NOLINT(bugprone-sizeof-expression)
      if (grown == nullptr) throw std::bad_alloc();
      items_ = static_cast<T*>(grown);
      capacity_ = capacity;
    }
    items_[size_++] = value;
  }
  /// The array has to have one.
  T pop_back() noexcept { return items_[--size_]; }
  T* data() noexcept { return items_; }
  const T* data() const noexcept { return items_; }
  std::size_t size() const noexcept { return size_; }
  /// A copy of the items, which takes no more room than they need, and which nobody frees. The array has to have one.
  /// @throws std::bad_alloc  No memory.
  T* keep() const {
    void* kept = std::malloc(size_ * sizeof(T));  // NOLINT(bugprone-sizeof-expression)
    if (kept == nullptr) throw std::bad_alloc();
    std::memcpy(kept, static_cast<const void*>(items_), size_ * sizeof(T));  // NOLINT(bugprone-sizeof-expression)
    return static_cast<T*>(kept);
  }

 private:
  T* items_ = nullptr;
  std::size_t size_ = 0;
  std::size_t capacity_ = 0;
};

}  // namespace adder::inline ADDER_ABI::detail
