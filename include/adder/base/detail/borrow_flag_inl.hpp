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
    case part:
      return Held::part;
    case watched:
      return Held::nothing;
    default:
      return mark == 0 ? Held::shared_by_several : here ? Held::shared_here : Held::shared_elsewhere;
  }
}

ADDER_FUNC bool BorrowFlag::replace_watched(std::uint32_t desired, Order order, bool quietly) noexcept {
  void (*changed)(BorrowFlag*) = changes_of_watched.load(Order::acquire);
  if (changed == nullptr) return false;  // There is no watched flag yet.
#if defined(Py_GIL_DISABLED)
  std::uint32_t state = load();
  do {
    if ((state & lower_half) != watched) return false;
  } while (!state_.compare_exchange(state, desired, order));
#else
  (void)order;
  if ((state_ & lower_half) != watched) return false;
  state_ = desired;
#endif
  if (!quietly) changed(this);
  return true;
}

ADDER_COLD ADDER_FUNC bool BorrowFlag::exclude_watched() noexcept {
  return replace_watched(thread_mark() | exclusive, Order::acquire);
}

ADDER_COLD ADDER_FUNC bool BorrowFlag::try_exclude_quietly(bool& was_watched) noexcept {
  was_watched = replace_watched(thread_mark() | exclusive, Order::acquire, true);
  return was_watched || replace(0, thread_mark() | exclusive, Order::acquire);
}

ADDER_COLD ADDER_FUNC void BorrowFlag::watch() noexcept {
#if defined(Py_GIL_DISABLED)
  std::uint32_t state = load();
  while ((state & watched) == 0 && !state_.compare_exchange(state, state | watched, Order::relaxed)) {
  }
#else
  state_ |= watched;
#endif
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
