// SPDX-License-Identifier: MIT
/// @file
/// @brief TextBuilder: text put together without allocating, as it is for each bound function and class.
#pragma once
#include "adder/base/config.hpp"

#include <cstddef>
#include <cstdlib>
#include <initializer_list>
#include <string_view>

namespace adder::inline ADDER_ABI::detail {

/// Text that grows at its end: on the stack, unless it is long.
class TextBuilder {
 public:
  TextBuilder() noexcept { room_[0] = '\0'; }
  /// @param parts  One after the other.
  /// @throws std::bad_alloc  No memory.
  explicit TextBuilder(std::initializer_list<std::string_view> parts);
  TextBuilder(const TextBuilder&) = delete;
  TextBuilder& operator=(const TextBuilder&) = delete;
  ~TextBuilder() {
    if (text_ != room_) std::free(text_);
  }

  /// @param more  Not a part of this text.
  /// @throws std::bad_alloc  No memory.
  TextBuilder& append(std::string_view more);
  TextBuilder& append_number(std::size_t number);
  std::size_t size() const noexcept { return size_; }
  std::string_view view() const noexcept;
  const char* c_str() const noexcept { return text_; }

 private:
  ADDER_COLD_CALL void grow(std::size_t more);

  char* text_ = room_;
  std::size_t size_ = 0;  ///< Without the zero behind it, which has a place in the capacity.
  std::size_t capacity_ = sizeof room_;
  char room_[256];
};

}  // namespace adder::inline ADDER_ABI::detail

#if !ADDER_COMPILED
#include "adder/base/detail/text_builder_inl.hpp"
#endif
