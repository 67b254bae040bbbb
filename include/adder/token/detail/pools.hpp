// SPDX-License-Identifier: MIT
/// @file
/// @brief Which pools this thread has, for handles to what they own: gil_pool.hpp.
#pragma once
#include "adder/base/config.hpp"

#include <cstdint>

namespace adder::inline ADDER_ABI::detail {

/// A pool as handles know it.
struct Pool {
  Pool* outer;
  std::uint64_t serial;  ///< Of this thread's pools, from 1.
};
ADDER_HIDDEN inline constinit thread_local Pool* innermost_pool = nullptr;

#if ADDER_CHECKED
inline bool is_pool_alive(std::uint64_t serial) noexcept {
  for (const Pool* pool = innermost_pool; pool != nullptr; pool = pool->outer) {
    if (pool->serial == serial) return true;
  }
  return false;
}
#endif

}  // namespace adder::inline ADDER_ABI::detail
