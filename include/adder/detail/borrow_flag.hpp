// SPDX-License-Identifier: MIT
/// @file
/// @brief The counter in each object of a class that is not frozen: many readers or one writer.
#pragma once
#include "adder/detail/light.hpp"

namespace adder::inline ADDER_ABI::detail {

/// Never blocks: who does not get the borrow gets an error.
///
/// Plain on builds with a GIL, which all users of a flag hold; atomic on free-threaded builds.
class BorrowFlag {
 public:
  ADDER_INLINE bool try_share() noexcept {
#if defined(Py_GIL_DISABLED)
    std::uint32_t state = state_.load(Order::relaxed);
    // ORDER: acquire pairs with the release of the last writer: its writes are visible to the reader.
    do {
      if (state >= most_readers) return false;
    } while (!state_.compare_exchange(state, state + 1, Order::acquire));
    return true;
#else
    if (state_ >= most_readers) [[unlikely]]
      return false;
    ++state_;
    return true;
#endif
  }
  ADDER_INLINE void end_share() noexcept {
#if defined(Py_GIL_DISABLED)
    // ORDER: release: what was read stays before the next writer's writes.
    state_.fetch_sub(1, Order::release);
#else
    --state_;
#endif
  }
  ADDER_INLINE bool try_exclude() noexcept {
#if defined(Py_GIL_DISABLED)
    std::uint32_t unused = 0;
    // ORDER: acquire pairs with the release of all earlier borrows.
    return state_.compare_exchange(unused, exclusive, Order::acquire);
#else
    if (state_ != 0) [[unlikely]]
      return false;
    state_ = exclusive;
    return true;
#endif
  }
  ADDER_INLINE void end_exclude() noexcept {
#if defined(Py_GIL_DISABLED)
    // ORDER: release: publishes what was written to the next borrow.
    state_.store(0, Order::release);
#else
    state_ = 0;
#endif
  }

 private:
  static constexpr std::uint32_t exclusive = 0xFFFF'FFFF;
  static constexpr std::uint32_t most_readers = exclusive - 1;  // One more would read as a writer.
#if defined(Py_GIL_DISABLED)
  Atomic<std::uint32_t> state_{0};
#else
  std::uint32_t state_ = 0;
#endif
};

/// The flag of a frozen class: takes no room and always says yes to readers. There are no writers.
class NoBorrowFlag {
 public:
  static constexpr bool try_share() noexcept { return true; }
  static constexpr void end_share() noexcept {}
};

}  // namespace adder::inline ADDER_ABI::detail
