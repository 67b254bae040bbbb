// SPDX-License-Identifier: MIT
/// @file
/// @brief The plain functions of fatal.hpp.
#pragma once
#include "adder/base/detail/fatal.hpp"

#include <cstdio>
#include <cstdlib>
#include <string_view>

namespace adder::inline ADDER_ABI::detail {

ADDER_COLD ADDER_FUNC void fatal(std::string_view promise, Location where) noexcept {
  const auto size = static_cast<int>(promise.size());
  if (where.line_number() != 0) {
    std::fprintf(stderr, "adder: %.*s (at %s:%u)\n", size, promise.data(), where.file_name(), where.line_number());
  } else {
    std::fprintf(stderr, "adder: %.*s\n", size, promise.data());
  }
  std::fflush(stderr);
  std::abort();
}

}  // namespace adder::inline ADDER_ABI::detail
