// SPDX-License-Identifier: MIT
/// @file
/// @brief Borrows that others on the same thread may use: by C++ that has a pointer, which others may have too, and by
/// C++ that calls an override in Python, which is to use the object.
#pragma once
#include "adder/class/detail/lock_flag.hpp"
#include "adder/class/detail/under_way.hpp"

namespace adder::inline ADDER_ABI::detail {

/// A borrow of this thread, of an instance of a Python subclass. The mark in a flag is shared by some threads; this
/// tells.
class HeldHere : public UnderWay<HeldHere> {
 public:
  /// @param flag  Null where there is no borrow.
  explicit HeldHere(const BorrowFlag* flag) noexcept : UnderWay(this), flag_(flag) {}
  /// Whether this thread has the value alone.
  static bool is_exclusive(const BorrowFlag& flag) noexcept;

 private:
  friend class UnderWay<HeldHere>;
  const BorrowFlag* flag_;
};

/// What is lent, as long as this lives. What is taken of it counts here, not in the object's own flag.
class LentBorrow : public UnderWay<LentBorrow> {
 public:
  /// By a pointer, which has the value to write.
  explicit LentBorrow(const BorrowFlag& flag) noexcept : UnderWay(this), flag_(&flag), lent_(Lent::all) {}
  /// By C++ that calls an override: what this thread has; of that all to an override of a function that may change the
  /// value, else to read.
  /// @param may_change  Whether the function is not const.
  ADDER_HIDDEN LentBorrow(const BorrowFlag& flag, bool may_change) noexcept;
  LentBorrow(const LentBorrow&) = delete;
  LentBorrow& operator=(const LentBorrow&) = delete;
  ADDER_HIDDEN ~LentBorrow();

  /// A borrow that the object's own flag refuses to this thread, because of what it has itself.
  /// @return The flag that counts it, and where it ends; null where nothing is lent.
  ADDER_COLD_CALL static BorrowFlag* take(const BorrowFlag& flag, Access wanted) noexcept;

 private:
  friend class UnderWay<LentBorrow>;
  enum class Lent : unsigned char { nothing, to_read, all };
  const BorrowFlag* flag_;
  Lent lent_ = Lent::nothing;
  BorrowFlag taken_;
};
/// Ends a borrow.
inline void end_lent(BorrowFlag& flag, Access wanted) noexcept {
  wanted == Access::shared ? flag.end_share() : flag.end_exclude();
}

}  // namespace adder::inline ADDER_ABI::detail

#if !ADDER_COMPILED
#include "adder/class/detail/lent_borrow_inl.hpp"
#endif
