// SPDX-License-Identifier: MIT
/// @file
/// @brief The plain functions of text_builder.hpp.
#pragma once
#include "adder/base/detail/text_builder.hpp"

#include <cstring>
#include <new>

namespace adder::inline ADDER_ABI::detail {

ADDER_FUNC TextBuilder::TextBuilder(std::initializer_list<std::string_view> parts) : TextBuilder() {
  for (const std::string_view part : parts) append(part);
}

ADDER_FUNC TextBuilder& TextBuilder::append(std::string_view more) {
  if (more.size() >= capacity_ - size_) grow(more.size());
  if (!more.empty()) std::memcpy(text_ + size_, more.data(), more.size());
  size_ += more.size();
  text_[size_] = '\0';
  return *this;
}

ADDER_FUNC TextBuilder& TextBuilder::append_number(std::size_t number) {
  char digits[20];
  char* const end = digits + sizeof digits;
  char* begin = end;
  do *--begin = static_cast<char>('0' + number % 10);
  while ((number /= 10) != 0);
  return append({begin, static_cast<std::size_t>(end - begin)});
}

ADDER_FUNC std::string_view TextBuilder::view() const noexcept { return {text_, size_}; }

ADDER_COLD ADDER_FUNC void TextBuilder::grow(std::size_t more) {
  const std::size_t capacity = 2 * capacity_ + more;
  void* grown = std::realloc(text_ == room_ ? nullptr : text_, capacity);
  if (grown == nullptr) throw std::bad_alloc();
  if (text_ == room_) std::memcpy(grown, room_, size_ + 1);
  text_ = static_cast<char*>(grown);
  capacity_ = capacity;
}

}  // namespace adder::inline ADDER_ABI::detail
