// SPDX-License-Identifier: MIT
/// @file
/// @brief TextBuilder: text put together without allocating, as it is for each bound function and class.
#pragma once
#include "adder/base/config.hpp"

#include <cstddef>
#include <cstdlib>
#include <cstring>
#include <new>
#include <string_view>

namespace adder::inline ADDER_ABI::detail {

/// Text that grows at its end: on the stack, unless it is long.
class TextBuilder {
 public:
  TextBuilder() noexcept { room_[0] = '\0'; }
  TextBuilder(const TextBuilder&) = delete;
  TextBuilder& operator=(const TextBuilder&) = delete;
  ~TextBuilder() {
    if (text_ != room_) std::free(text_);
  }

  /// @param more  Not a part of this text.
  /// @throws std::bad_alloc
  TextBuilder& append(std::string_view more) {
    if (more.size() >= capacity_ - size_) grow(more.size());
    if (!more.empty()) std::memcpy(text_ + size_, more.data(), more.size());
    size_ += more.size();
    text_[size_] = '\0';
    return *this;
  }
  std::size_t size() const noexcept { return size_; }
  std::string_view view() const noexcept { return {text_, size_}; }
  const char* c_str() const noexcept { return text_; }

 private:
  ADDER_COLD void grow(std::size_t more) {
    const std::size_t capacity = 2 * capacity_ + more;
    void* grown = std::realloc(text_ == room_ ? nullptr : text_, capacity);
    if (grown == nullptr) throw std::bad_alloc();
    if (text_ == room_) std::memcpy(grown, room_, size_ + 1);
    text_ = static_cast<char*>(grown);
    capacity_ = capacity;
  }

  char* text_ = room_;
  std::size_t size_ = 0;  ///< Without the zero behind it, which has a place in the capacity.
  std::size_t capacity_ = sizeof room_;
  char room_[256];
};

}  // namespace adder::inline ADDER_ABI::detail
