// SPDX-License-Identifier: MIT
/// @file
/// @brief Lists of what is under way on a thread: borrows that are held and lent, calls of C++'s own functions. Modules
/// that share a class with a holder have the same lists.
#pragma once
#include "adder/base/detail/atomic.hpp"

#include <cstddef>
#include <new>
#include <type_traits>

namespace adder::inline ADDER_ABI::detail {

class BorrowFlag;
class HeldHere;
class LentBorrow;
class DirectCall;

/// The innermost of each list, on this thread.
struct UnderWayHere {
  template <class T>
  T*& innermost() noexcept {
    if constexpr (std::is_same_v<T, HeldHere>) {
      return held;
    } else if constexpr (std::is_same_v<T, LentBorrow>) {
      return lent;
    } else {
      static_assert(std::is_same_v<T, DirectCall>);
      return direct;
    }
  }
  HeldHere* held = nullptr;
  LentBorrow* lent = nullptr;
  DirectCall* direct = nullptr;
};
ADDER_HIDDEN inline constinit thread_local UnderWayHere own_under_way;

/// The lists of a module. One that shares a class joins the other one: what one lends, objects of the other one take.
struct UnderWayLists {
  UnderWayHere& (*own)() noexcept;
  /// Whose lists are used instead; null for its own.
  Atomic<UnderWayLists*> joined{nullptr};
};
inline UnderWayHere& own_under_way_here() noexcept { return own_under_way; }
ADDER_HIDDEN inline constinit UnderWayLists own_under_way_lists{&own_under_way_here};

inline UnderWayLists& last_joined(UnderWayLists& lists) noexcept {
  UnderWayLists* last = &lists;
  // ORDER: acquire: what another module has written before it was joined is there.
  while (UnderWayLists* const next = last->joined.load(Order::acquire)) last = next;
  return *last;
}
/// The lists that this module uses.
ADDER_INLINE UnderWayLists& joined_under_way_lists() noexcept {
  if (own_under_way_lists.joined.load(Order::relaxed) == nullptr) [[likely]]
    return own_under_way_lists;
  return last_joined(own_under_way_lists);
}
ADDER_INLINE UnderWayHere& under_way_of(UnderWayLists& lists) noexcept {
  return &lists == &own_under_way_lists ? own_under_way : lists.own();
}
ADDER_INLINE UnderWayHere& under_way() noexcept { return under_way_of(joined_under_way_lists()); }

/// A member of a list of what is under way on this thread. It leaves from any place in it, and is never on the stack:
/// coroutines that have stacks of their own, such as greenlets, end in any order, and may be moved away while they
/// wait.
template <class T>
class UnderWay {
 public:
  UnderWay(const UnderWay&) = delete;
  UnderWay& operator=(const UnderWay&) = delete;
  static T* innermost() noexcept { return under_way().template innermost<T>(); }
  /// The innermost one of a flag; null where there is none.
  static T* find(const BorrowFlag& flag) noexcept {
    if (T* found = find_in(under_way(), flag)) return found;
    // Those that have begun before the module joined others.
    UnderWayLists* lists = &own_under_way_lists;
    while (UnderWayLists* const next = lists->joined.load(Order::acquire)) {
      if (T* found = find_in(lists->own(), flag)) return found;
      lists = next;
    }
    return nullptr;
  }
  /// @return Null where there is no memory. Attached.
  static void* operator new(std::size_t size, const std::nothrow_t&) noexcept { return PyObject_Malloc(size); }
  // NOLINTNEXTLINE(misc-new-delete-overloads): the one above is its match, as nothing here throws.
  static void operator delete(void* memory) noexcept { PyObject_Free(memory); }
  static void operator delete(void* memory, const std::nothrow_t&) noexcept { PyObject_Free(memory); }

 protected:
  explicit UnderWay(T* self) noexcept : lists_(&joined_under_way_lists()) {
    T*& head = under_way_of(*lists_).template innermost<T>();
    outer_ = head;
    if (outer_ != nullptr) outer_->inner_ = self;
    head = self;
  }
  ~UnderWay() {
    if (outer_ != nullptr) outer_->inner_ = inner_;
    if (inner_ != nullptr) {
      inner_->outer_ = outer_;
    } else {
      under_way_of(*lists_).template innermost<T>() = outer_;
    }
  }

 private:
  static T* find_in(UnderWayHere& lists, const BorrowFlag& flag) noexcept {
    T* at = lists.template innermost<T>();
    while (at != nullptr && at->flag_ != &flag) at = at->outer_;
    return at;
  }

  UnderWayLists* lists_;  ///< Those that it has begun in: the module may join others meanwhile.
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

}  // namespace adder::inline ADDER_ABI::detail
