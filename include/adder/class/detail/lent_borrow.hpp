// SPDX-License-Identifier: MIT
/// @file
/// @brief Borrows that others on the same thread may use: by C++ that has a pointer, which others may have too, and by
/// C++ that calls an override in Python, which is to use the object.
#pragma once
#include "adder/class/detail/lock_flag.hpp"

#include <cstddef>
#include <new>

namespace adder::inline ADDER_ABI::detail {

/// A member of a list of what is under way on this thread. It leaves from any place in it, and is never on the stack:
/// coroutines that have stacks of their own, such as greenlets, end in any order, and may be moved away while they
/// wait.
template <class T>
class UnderWay {
 public:
  UnderWay(const UnderWay&) = delete;
  UnderWay& operator=(const UnderWay&) = delete;
  static T* innermost() noexcept { return head; }
  T* outer() const noexcept { return outer_; }
  /// @return Null where there is no memory. Attached.
  static void* operator new(std::size_t size, const std::nothrow_t&) noexcept { return PyObject_Malloc(size); }
  // NOLINTNEXTLINE(misc-new-delete-overloads): the one above is its match, as nothing here throws.
  static void operator delete(void* memory) noexcept { PyObject_Free(memory); }
  static void operator delete(void* memory, const std::nothrow_t&) noexcept { PyObject_Free(memory); }

 protected:
  explicit UnderWay(T* self) noexcept : outer_(head) {
    if (outer_ != nullptr) outer_->inner_ = self;
    head = self;
  }
  ~UnderWay() {
    if (outer_ != nullptr) outer_->inner_ = inner_;
    if (inner_ != nullptr) {
      inner_->outer_ = outer_;
    } else {
      head = outer_;
    }
  }

 private:
  ADDER_HIDDEN static inline constinit thread_local T* head = nullptr;
  T* inner_ = nullptr;
  T* outer_;
};

/// Owns what is under way; or nothing, where there was no memory.
template <class T>
class OwnUnderWay {
 public:
  OwnUnderWay() = default;
  OwnUnderWay(const OwnUnderWay&) = delete;
  OwnUnderWay& operator=(const OwnUnderWay&) = delete;
  ADDER_INLINE ~OwnUnderWay() {
    if (entry_ != nullptr) [[unlikely]]
      delete entry_;
  }
  template <class... A>
  void begin(const A&... arguments) noexcept {
    entry_ = new (std::nothrow) T(arguments...);
  }

 private:
  T* entry_ = nullptr;
};

/// A borrow of this thread, of an instance of a Python subclass. The mark in a flag is shared by some threads; this
/// tells.
class HeldHere : public UnderWay<HeldHere> {
 public:
  /// @param flag  Null where there is no borrow.
  explicit HeldHere(const BorrowFlag* flag) noexcept : UnderWay(this), flag_(flag) {}
  /// Whether this thread has the value alone.
  static bool is_exclusive(const BorrowFlag& flag) noexcept;

 private:
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
  static LentBorrow* innermost_of(const BorrowFlag& flag) noexcept;

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
