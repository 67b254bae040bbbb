// SPDX-License-Identifier: MIT
/// @file
/// @brief The plain functions of borrow_flag.hpp.
#pragma once
#include "adder/base/detail/borrow_flag.hpp"

#include <cstdint>

namespace adder::inline ADDER_ABI {

namespace detail {

ADDER_FUNC Held BorrowFlag::held() const noexcept {
#if defined(Py_GIL_DISABLED)
  const std::uint32_t state = refused;  // The holder may have let go meanwhile.
#else
  const std::uint32_t state = load();
#endif
  const std::uint32_t mark = state & ~lower_half;
  const bool here = mark == own_mark();
  switch (state & lower_half) {
    case 0:
      return Held::nothing;
    case exclusive:
      return here ? Held::exclusive_here : Held::exclusive_elsewhere;
    case cleared:
      return Held::cleared;
    default:
      return mark == 0 ? Held::shared_by_several : here ? Held::shared_here : Held::shared_elsewhere;
  }
}

#if !(defined(Py_GIL_DISABLED))

ADDER_NOINLINE ADDER_FUNC bool BorrowFlag::share_more() noexcept {
  const std::uint32_t more = with_reader(state_);
  if (more != 0) state_ = more;
  return more != 0;
}
#endif

ADDER_FUNC std::uint32_t OwnerThread::number_this_thread() noexcept {
  if (own_thread_number == 0) own_thread_number = last_thread_number.fetch_add(1, Order::relaxed) + 1;
  return own_thread_number;
}

}  // namespace detail

}  // namespace adder::inline ADDER_ABI
