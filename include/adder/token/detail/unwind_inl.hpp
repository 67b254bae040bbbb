// SPDX-License-Identifier: MIT
/// @file
/// @brief The plain functions of unwind.hpp.
#pragma once
#include "adder/token/detail/unwind.hpp"

#include <ctime>

namespace adder::inline ADDER_ABI::detail {

ADDER_COLD ADDER_FUNC void park_thread() noexcept {
  for (;;) {
    timespec hour{3600, 0};
    nanosleep(&hour, nullptr);
  }
}

}  // namespace adder::inline ADDER_ABI::detail
