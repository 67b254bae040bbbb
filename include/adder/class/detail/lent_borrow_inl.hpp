// SPDX-License-Identifier: MIT
/// @file
/// @brief The plain functions of lent_borrow.hpp.
#pragma once
#include "adder/base/detail/fatal.hpp"
#include "adder/class/detail/lent_borrow.hpp"

namespace adder::inline ADDER_ABI::detail {

ADDER_FUNC bool HeldHere::is_exclusive(const BorrowFlag& flag) noexcept {
  if (!flag.is_exclusive_here()) return false;
  return find(flag) != nullptr;
}

ADDER_FUNC LentBorrow::LentBorrow(const BorrowFlag& flag, bool may_change) noexcept : UnderWay(this), flag_(nullptr) {
  const Lent most = may_change ? Lent::all : Lent::to_read;
  if (const LentBorrow* before = find(flag)) {
    // C++ has what it took of what was lent before; or, by a pointer of its own, that itself.
    const bool is_read = before->taken_.is_borrowed() && !before->taken_.is_exclusive_here();
    lent_ = before->lent_ == Lent::all && !is_read ? most
            : before->lent_ == Lent::nothing       ? Lent::nothing
                                                   : Lent::to_read;
  } else if (HeldHere::is_exclusive(flag)) {
    lent_ = most;
  }
  flag_ = &flag;
}

ADDER_FUNC LentBorrow::~LentBorrow() {
  if (taken_.is_borrowed()) [[unlikely]]
    fatal("a borrow of an object outlives the call that lent it: a coroutine on this thread has to end first", {});
}

ADDER_COLD ADDER_FUNC BorrowFlag* LentBorrow::take(const BorrowFlag& flag, Access wanted) noexcept {
  LentBorrow* from = find(flag);
  if (from == nullptr || from->lent_ == Lent::nothing) return nullptr;
  if (wanted == Access::shared) return from->taken_.try_share() ? &from->taken_ : nullptr;
  return from->lent_ == Lent::all && from->taken_.try_exclude() ? &from->taken_ : nullptr;
}

}  // namespace adder::inline ADDER_ABI::detail
