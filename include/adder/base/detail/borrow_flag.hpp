// SPDX-License-Identifier: MIT
/// @file
/// @brief The counter in each object of a class that is not frozen: many readers or one writer, and which thread.
#pragma once
#include "adder/base/detail/atomic.hpp"

#include <cstdint>

namespace adder::inline ADDER_ABI::detail {

/// A number for this thread, of which the upper half is of use. Others may share it, if rarely: it serves messages
/// only.
ADDER_INLINE std::uint32_t thread_mark() noexcept {
#if defined(__x86_64__) && defined(__linux__) && !defined(__clang__) && __GNUC__ >= 11
  // Read once where two objects are borrowed.
  const auto pointer = reinterpret_cast<std::uintptr_t>(__builtin_thread_pointer());
#elif defined(__x86_64__) && defined(__linux__)
  // A single instruction, where a thread_local variable of a shared object takes a call.
  std::uint64_t pointer;  // NOLINT(cppcoreguidelines-init-variables)
  __asm__("movq %%fs:0, %0" : "=r"(pointer));
#else
  static thread_local char anchor;
  const auto pointer = reinterpret_cast<std::uintptr_t>(&anchor);
#endif
  return static_cast<std::uint32_t>(pointer);  // Stacks are further apart than 65,536 bytes.
}

/// What a flag that says no is held by.
enum class Held : unsigned char {
  nothing,
  given_away,  ///< The object has no value any more: C++ has taken it.
  shared_here,
  shared_elsewhere,
  shared_by_several,
  exclusive_here,
  exclusive_elsewhere,
  cleared,
  part,        ///< The value is in another object: who wants it asks for a PartBorrow.
  unsendable,  ///< By nobody: the object is for another thread.
  unbuilt,     ///< By nobody: there is no value.
};

class BorrowFlag;
/// What is to be done once a watched flag has a writer; set by the first who watches one.
ADDER_HIDDEN inline constinit Atomic<void (*)(BorrowFlag*)> changes_of_watched{nullptr};

/// Never blocks: who does not get the borrow gets an error.
///
/// | lower half of the word | meaning                                      | upper half                                |
/// |------------------------|----------------------------------------------|-------------------------------------------|
/// | 0                      | free                                         | of no use                                 |
/// | up to most_readers     | so many readers                              | the readers' thread_mark; 0 for several   |
/// | watched + readers      | so many readers or none, and places to forget | of no use                                |
/// | part                   | the value is in another object, whose flag counts | 0                                    |
/// | cleared                | the garbage collector has taken the value apart | 0                                      |
/// | exclusive              | one writer                                   | its thread_mark                           |
///
/// A flag is watched while somebody remembers where something is in the value: the next writer does not get it in the
/// short way, and changes_of_watched learns of it first.
///
/// Plain on builds with a GIL, which all users of a flag hold; atomic on free-threaded builds.
class BorrowFlag {
 public:
  ADDER_INLINE_FOR_SPEED bool try_share() noexcept {
    // ORDER: acquire pairs with the release of the last writer: its writes are visible to the reader.
    if (replace(0, own_mark() | 1, Order::acquire)) [[likely]]
      return true;
    return share_more();
  }
#if defined(Py_GIL_DISABLED)
  ADDER_INLINE_FOR_SPEED void end_share() noexcept {
    std::uint32_t state = state_.load(Order::relaxed);
    // ORDER: release: what was read stays before the next writer's writes.
    while (!state_.compare_exchange(state, without_reader(state), Order::release)) {
    }
  }
#else
  // One instruction, and smaller than a call.
  ADDER_INLINE void end_share() noexcept { --state_; }  // The upper half is of no use without a reader: it may stay.
#endif
  ADDER_INLINE_FOR_SPEED bool try_exclude() noexcept {
    // ORDER: acquire pairs with the release of all earlier borrows.
    if (replace(0, thread_mark() | exclusive, Order::acquire)) [[likely]]
      return true;
    return exclude_watched();
  }
  /// The same of a flag that is free: where it is not, nothing more is tried.
  ADDER_INLINE bool share_free() noexcept { return replace(0, own_mark() | 1, Order::acquire); }
  ADDER_INLINE bool exclude_free() noexcept { return replace(0, thread_mark() | exclusive, Order::acquire); }
  ADDER_INLINE void end_exclude() noexcept {
#if defined(Py_GIL_DISABLED)
    // ORDER: release: publishes what was written to the next borrow.
    state_.store(0, Order::release);
#else
    state_ = 0;
#endif
  }
  /// For the garbage collector: refuses all further borrows. @return Whether the value was free.
  bool try_clear() noexcept { return replace(0, cleared, Order::acquire) || replace_watched(cleared, Order::acquire); }
  /// Whether nobody reads or writes, and the garbage collector has not been here. Says something of this moment only.
  ADDER_INLINE bool is_free() const noexcept { return (load() & lower_half) == 0; }
  /// Whether somebody reads or writes.
  bool is_borrowed() const noexcept {
    const std::uint32_t state = load() & lower_half;
    return state != 0 && state != cleared && state != part && state != watched;
  }

  /// Whether this thread has the value alone.
  bool is_exclusive_here() const noexcept { return load() == (thread_mark() | exclusive); }

  /// The flag of a part, for good.
  void make_part() noexcept { store(part); }
  ADDER_INLINE bool is_part() const noexcept { return (load() & lower_half) == part; }
  /// While it is shared: the next writer is to be told of.
  void watch() noexcept;
  /// As try_exclude(), by who sees to changes_of_watched himself. @param was_watched  Whether that is needed.
  bool try_exclude_quietly(bool& was_watched) noexcept;
  /// Makes an exclusive borrow a shared one.
  void share_only() noexcept { store(own_mark() | 1); }
  /// Ends an exclusive borrow, and the flag is watched as it was.
  void end_exclude_watched() noexcept { store(watched); }

  /// Why a borrow was refused, to this thread and just now.
  Held held() const noexcept;

 protected:
  static constexpr std::uint32_t lower_half = 0xFFFF;
  static constexpr std::uint32_t exclusive = 0xFFFF;
  static constexpr std::uint32_t cleared = 0xFFFE;
  static constexpr std::uint32_t part = 0xFFFD;
  static constexpr std::uint32_t watched = 0x8000;
  static constexpr std::uint32_t most_readers = 0x7FF0;
  /// Added to the number of readers where another flag, LockFlag, knows more of them than their number.
  static constexpr std::uint32_t listed = 0x4000;

  ADDER_INLINE static std::uint32_t own_mark() noexcept { return thread_mark() & ~lower_half; }
#if defined(Py_GIL_DISABLED)
  static constexpr std::uint32_t without_reader(std::uint32_t state) noexcept {
    return (state & lower_half) == 1 ? 0 : state - 1;
  }
#endif
  /// @param state  Not free. @return With one more reader, or zero where there cannot be more.
  static std::uint32_t with_reader(std::uint32_t state) noexcept {
    const std::uint32_t lower = state & lower_half;
    if (lower >= most_readers && (lower < watched || lower >= watched + most_readers)) return 0;
    if (lower == watched) return own_mark() | (watched + 1);
    const bool same_thread = (state & ~lower_half) == own_mark();
    return (same_thread ? state : state & lower_half) + 1;
  }

  /// Writes @p desired where the flag is watched and nobody reads or writes.
  bool replace_watched(std::uint32_t desired, Order order, bool quietly = false) noexcept;
  ADDER_COLD_CALL bool exclude_watched() noexcept;
#if defined(Py_GIL_DISABLED)
  bool replace(std::uint32_t expected, std::uint32_t desired, Order order) noexcept {
    if (state_.compare_exchange(expected, desired, order)) [[likely]]
      return true;
    refused = expected;
    return false;
  }
  std::uint32_t load() const noexcept { return state_.load(Order::relaxed); }
  // ORDER: acq_rel: what was read and written stays between the borrows before and after.
  bool exchange_state(std::uint32_t& expected, std::uint32_t desired) noexcept {
    return state_.compare_exchange(expected, desired, Order::acq_rel);
  }
  // ORDER: release: publishes what was written to the next borrow.
  void store(std::uint32_t state) noexcept { state_.store(state, Order::release); }
  ADDER_NOINLINE bool share_more() noexcept {
    std::uint32_t state = load(), more = 0;
    // ORDER: as try_share.
    do {
      more = (state & lower_half) == 0 ? own_mark() | 1 : with_reader(state);
    } while (more != 0 && !state_.compare_exchange(state, more, Order::acquire));
    if (more == 0) refused = state;
    return more != 0;
  }
  ADDER_HIDDEN static inline constinit thread_local std::uint32_t refused = 0;
  Atomic<std::uint32_t> state_{0};
#else
  ADDER_INLINE bool replace(std::uint32_t expected, std::uint32_t desired, Order) noexcept {
    if ((state_ & lower_half) != expected) [[unlikely]]
      return false;
    state_ = desired;
    return true;
  }
  std::uint32_t load() const noexcept { return state_; }
  bool exchange_state(std::uint32_t&, std::uint32_t desired) noexcept {
    state_ = desired;
    return true;
  }
  void store(std::uint32_t state) noexcept { state_ = state; }
  bool share_more() noexcept;
  std::uint32_t state_ = 0;
#endif
};

/// The flag of a frozen class: takes no room and always says yes to readers. There are no writers.
class NoBorrowFlag {
 public:
  static constexpr bool try_share() noexcept { return true; }
  static constexpr void end_share() noexcept {}
  static constexpr bool is_free() noexcept { return true; }
  static constexpr bool is_borrowed() noexcept { return false; }
  static constexpr Held held() noexcept { return Held::nothing; }
};

/// The number of this thread among those that made an unsendable object; zero for others. Never given twice.
ADDER_HIDDEN inline constinit thread_local std::uint32_t own_thread_number = 0;
ADDER_HIDDEN inline constinit Atomic<std::uint32_t> last_thread_number{0};

/// The thread that an unsendable object belongs to: the one that made it.
class OwnerThread {
 public:
  bool is_here() const noexcept { return number_ == own_thread_number; }

 private:
  static std::uint32_t number_this_thread() noexcept;
  std::uint32_t number_ = number_this_thread();
};
class AnyThread {
 public:
  static constexpr bool is_here() noexcept { return true; }
};

}  // namespace adder::inline ADDER_ABI::detail

#if !ADDER_COMPILED
#include "adder/base/detail/borrow_flag_inl.hpp"
#endif
