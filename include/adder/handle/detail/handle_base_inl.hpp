// SPDX-License-Identifier: MIT
/// @file
/// @brief The plain functions of handle_base.hpp.
#pragma once
#include "adder/handle/detail/handle_base.hpp"

#include <cstddef>
#include <cstdio>
#include <string_view>

namespace adder::inline ADDER_ABI {

namespace detail {

#if ADDER_CHECKED

ADDER_COLD ADDER_FUNC void misused_handle(const char* kind, std::string_view type, const char* operation,
                                          const char* problem, Location where, Location made) noexcept {
  char origin[256] = "";
  if (made.line_number() != 0) {
    std::snprintf(origin, sizeof origin, " (the handle was made at %s:%u)", made.file_name(), made.line_number());
  }
  char text[512];
  const int size = std::snprintf(text, sizeof text, "%s<%.*s>: %s: %s%s", kind, static_cast<int>(type.size()),
                                 type.data(), operation, problem, origin);
  fatal({text, size < 0 ? 0 : size < 512 ? static_cast<std::size_t>(size) : 511}, where);
}
#endif

}  // namespace detail

}  // namespace adder::inline ADDER_ABI
