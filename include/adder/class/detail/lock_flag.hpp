// SPDX-License-Identifier: MIT
/// @file
/// @brief The flag of a locked class: a borrow flag that is waited for.
///
/// What is held by another thread is waited for, detached; what this thread holds itself never comes free, and is
/// refused. So a flag has to know who holds it: the thread that took it first is in the flag, further readers are in a
/// table, where they come and go the long way.
#pragma once
#include "adder/base/detail/borrow_flag.hpp"

#include <cstdint>

namespace adder::inline ADDER_ABI::detail {

/// Complete where locked.hpp has been included, which has the functions below.
template <class T>
struct LockedHeader;

enum class Access : bool { shared, exclusive };

/// A number for this thread that no other one has while it lives.
ADDER_INLINE std::uintptr_t thread_identity() noexcept {
#if defined(__x86_64__) && defined(__linux__) && !defined(__clang__) && __GNUC__ >= 11
  return reinterpret_cast<std::uintptr_t>(__builtin_thread_pointer());
#elif defined(__x86_64__) && defined(__linux__)
  std::uintptr_t pointer;  // NOLINT(cppcoreguidelines-init-variables)
  __asm__("movq %%fs:0, %0" : "=r"(pointer));
  return pointer;
#else
  static thread_local char anchor;
  return reinterpret_cast<std::uintptr_t>(&anchor);
#endif
}

/// How many threads wait for some flag, in this module.
ADDER_HIDDEN inline constinit Atomic<std::uint32_t> lock_waiters{0};
struct LockTable;
class LockFlag;
/// Gives a flag that has come free to the thread that has waited longest for it, and lets all others look again.
ADDER_COLD_CALL void wake_lock_waiters(LockFlag& flag) noexcept;

class LockFlag : public BorrowFlag {
 public:
  ADDER_INLINE_FOR_SPEED bool try_share() noexcept {
    if (replace(0, own_mark() | 1, Order::acquire)) [[likely]] {
      holder_.store(thread_identity(), Order::relaxed);
      return true;
    }
    return share_further();
  }
  ADDER_INLINE_FOR_SPEED void end_share() noexcept {
    if ((load() & lower_half) == 1) [[likely]] {
      forget_holder();
      BorrowFlag::end_share();
    } else {
      end_further_share();
    }
    wake();
  }
  ADDER_INLINE_FOR_SPEED bool try_exclude() noexcept {
    if (!BorrowFlag::try_exclude()) [[unlikely]]
      return false;
    holder_.store(thread_identity(), Order::relaxed);
    return true;
  }
  ADDER_INLINE void end_exclude() noexcept {
    forget_holder();
    BorrowFlag::end_exclude();
    wake();
  }
  ADDER_INLINE bool share_free() noexcept {
    if (!BorrowFlag::share_free()) return false;
    holder_.store(thread_identity(), Order::relaxed);
    return true;
  }
  ADDER_INLINE bool exclude_free() noexcept {
    if (!BorrowFlag::exclude_free()) return false;
    holder_.store(thread_identity(), Order::relaxed);
    return true;
  }
  bool try_exclude_quietly(bool& was_watched) noexcept {
    if (!BorrowFlag::try_exclude_quietly(was_watched)) return false;
    holder_.store(thread_identity(), Order::relaxed);
    return true;
  }
  void end_exclude_watched() noexcept {
    forget_holder();
    BorrowFlag::end_exclude_watched();
    wake();
  }
  /// Whether this thread holds it.
  bool is_held_here() const noexcept;
  /// Who writes, or was the first to read and still does; 0 for nobody.
  std::uintptr_t holder() const noexcept { return is_borrowed() ? holder_.load(Order::relaxed) : 0; }
  /// Takes it for another thread, if it is free.
  bool take_for(std::uintptr_t thread, Access wanted) noexcept {
    const auto mark = static_cast<std::uint32_t>(thread) & ~lower_half;
    if (!replace(0, mark | (wanted == Access::shared ? 1 : exclusive), Order::acquire)) return false;
    holder_.store(thread, Order::relaxed);
    return true;
  }
  /// From a thread that take_for() took it for, and that is gone.
  ADDER_COLD_CALL void take_back(Access given) noexcept;
  /// Takes it for this thread, which has waited. Under the mutex of the table.
  ADDER_COLD_CALL bool try_in_turn(LockTable& table, Access wanted, bool* was_watched);

 private:
  ADDER_INLINE void wake() noexcept {
    if (lock_waiters.load(Order::relaxed) != 0) [[unlikely]]
      wake_lock_waiters(*this);
  }
  /// With a GIL nobody takes the flag without leaving a name.
  ADDER_INLINE void forget_holder() noexcept {
#if defined(Py_GIL_DISABLED)
    holder_.store(0, Order::relaxed);
#endif
  }
  /// Becomes a reader whom the table knows, unless it is the only one. Under the mutex of the table.
  bool share_listed(LockTable& table);
  ADDER_COLD_CALL bool share_further() noexcept;
  ADDER_COLD_CALL void end_further_share() noexcept;
  ADDER_COLD_CALL void count_reader_out() noexcept;

  /// The thread that writes, or was the first to read; 0 once that one is done, and others go on reading.
  Atomic<std::uintptr_t> holder_{0};
};

/// The order in which several objects are locked.
inline bool precedes(const ::PyObject* a, const ::PyObject* b) noexcept {
  return reinterpret_cast<std::uintptr_t>(a) < reinterpret_cast<std::uintptr_t>(b);
}
/// Waits for a flag that has refused a borrow, and takes it. False with an exception pending: this thread holds it, or
/// what its holder waits for; or a signal came.
/// @param was_watched  As try_exclude_quietly() has it; null for try_exclude().
ADDER_HIDDEN bool wait_for_lock(LockFlag& flag, const char* class_name, Access wanted,
                                bool* was_watched = nullptr) noexcept;

}  // namespace adder::inline ADDER_ABI::detail
