// SPDX-License-Identifier: MIT
/// @file
/// @brief Atomic: the operations of `<atomic>` that the core needs.
///
/// Everybody compiles the core in every file. With g++ 12 `<atomic>` and `<vector>` cost a sixth of all that adder may
/// take beyond Python.h.
#pragma once
#include "adder/base/detail/meta.hpp"

#if !defined(__GNUC__)
#include <atomic>
#endif

namespace adder::inline ADDER_ABI::detail {

#if defined(__GNUC__)
enum class Order : int {
  relaxed = __ATOMIC_RELAXED,
  acquire = __ATOMIC_ACQUIRE,
  release = __ATOMIC_RELEASE,
  acq_rel = __ATOMIC_ACQ_REL,
  seq_cst = __ATOMIC_SEQ_CST,
};

/// As std::atomic, for what fits into a register.
template <class T>
class Atomic {
  static_assert(is_trivially_copyable<T> &&
                sizeof(T) <= sizeof(void*));  // NOLINT(bugprone-sizeof-expression): T may be a pointer

 public:
  constexpr Atomic() noexcept = default;
  constexpr Atomic(T value) noexcept : value_(value) {}  // NOLINT(google-explicit-constructor): as std::atomic
  Atomic(const Atomic&) = delete;
  Atomic& operator=(const Atomic&) = delete;

  T load(Order order) const noexcept {
    T value;
    __atomic_load(&value_, &value, static_cast<int>(order));
    return value;
  }
  void store(T value, Order order) noexcept { __atomic_store(&value_, &value, static_cast<int>(order)); }
  T exchange(T value, Order order) noexcept {
    T old;
    __atomic_exchange(&value_, &value, &old, static_cast<int>(order));
    return old;
  }
  /// On failure @p expected gets what was there; that load is an acquire, or relaxed for a relaxed @p order.
  bool compare_exchange(T& expected, T desired, Order order) noexcept {
    return __atomic_compare_exchange(&value_, &expected, &desired, false, static_cast<int>(order),
                                     order == Order::relaxed ? __ATOMIC_RELAXED : __ATOMIC_ACQUIRE);
  }
  T fetch_add(T value, Order order) noexcept { return __atomic_fetch_add(&value_, value, static_cast<int>(order)); }
  T fetch_sub(T value, Order order) noexcept { return __atomic_fetch_sub(&value_, value, static_cast<int>(order)); }

 private:
  T value_{};
};
#else
enum class Order : int {
  relaxed = static_cast<int>(std::memory_order_relaxed),
  acquire = static_cast<int>(std::memory_order_acquire),
  release = static_cast<int>(std::memory_order_release),
  acq_rel = static_cast<int>(std::memory_order_acq_rel),
  seq_cst = static_cast<int>(std::memory_order_seq_cst),
};
template <class T>
class Atomic {
 public:
  constexpr Atomic() noexcept = default;
  constexpr Atomic(T value) noexcept : value_(value) {}
  T load(Order order) const noexcept { return value_.load(static_cast<std::memory_order>(order)); }
  void store(T value, Order order) noexcept { value_.store(value, static_cast<std::memory_order>(order)); }
  T exchange(T value, Order order) noexcept { return value_.exchange(value, static_cast<std::memory_order>(order)); }
  bool compare_exchange(T& expected, T desired, Order order) noexcept {
    return value_.compare_exchange_strong(expected, desired, static_cast<std::memory_order>(order));
  }
  T fetch_add(T value, Order order) noexcept { return value_.fetch_add(value, static_cast<std::memory_order>(order)); }
  T fetch_sub(T value, Order order) noexcept { return value_.fetch_sub(value, static_cast<std::memory_order>(order)); }

 private:
  std::atomic<T> value_{};
};
#endif

}  // namespace adder::inline ADDER_ABI::detail
