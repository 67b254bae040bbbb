// SPDX-License-Identifier: MIT
/// @file
/// @brief The plain functions of lock_flag.hpp.
#pragma once
#include "adder/class/detail/lock_flag.hpp"
#include "adder/error/err.hpp"
#include "adder/token/gil.hpp"

#include <algorithm>
#include <chrono>
#include <condition_variable>
#include <cstddef>
#include <mutex>
#include <new>
#include <string>
#include <vector>

namespace adder::inline ADDER_ABI::detail {

/// A thread, and a flag that it reads.
struct LockReader {
  std::uintptr_t thread;
  const LockFlag* flag;
  bool operator==(const LockReader&) const = default;
};
/// A thread, and the flag that it waits for.
struct LockWaiter {
  std::uintptr_t thread;
  const LockFlag* flag;
  Access wanted;
  bool granted = false;
};
/// What is known of all locked objects that are held or waited for the long way.
struct LockTable {
  std::mutex mutex;
  std::condition_variable woken;
  std::uint64_t wakes = 0;
  std::vector<LockReader> readers;   ///< But those that flags know.
  std::vector<LockWaiter*> waiters;  ///< In the order in which they came.

  bool reads(std::uintptr_t thread, const LockFlag& flag) const {
    return std::find(readers.begin(), readers.end(), LockReader{thread, &flag}) != readers.end();
  }
  /// Whether one of those who hold a flag waits, if only for others who do, for what @p thread holds.
  bool waits_for(const LockFlag& flag, std::uintptr_t thread, std::size_t depth = 0) const {
    if (depth > waiters.size()) return false;
    const auto leads_back = [&](std::uintptr_t holder) {
      return std::any_of(waiters.begin(), waiters.end(), [&](const LockWaiter* waiter) {
        return waiter->thread == holder && !waiter->granted &&
               (is_held_by(*waiter->flag, thread) || waits_for(*waiter->flag, thread, depth + 1));
      });
    };
    if (flag.holder() != 0 && leads_back(flag.holder())) return true;
    return std::any_of(readers.begin(), readers.end(),
                       [&](const LockReader& reader) { return reader.flag == &flag && leads_back(reader.thread); });
  }
  bool is_held_by(const LockFlag& flag, std::uintptr_t thread) const {
    return flag.holder() == thread || reads(thread, flag);
  }
};
/// Never destroyed: threads may wait while the program ends.
inline LockTable& lock_table() {
  static auto* const table = new LockTable;
  return *table;
}

ADDER_COLD ADDER_FUNC void wake_lock_waiters(LockFlag& flag) noexcept {
  LockTable& table = lock_table();
  const std::lock_guard<std::mutex> lock(table.mutex);
  // Given, not only free: a thread that takes it again and again would leave nothing to those who wait.
  const auto first = std::find_if(table.waiters.begin(), table.waiters.end(),
                                  [&](const LockWaiter* waiter) { return waiter->flag == &flag && !waiter->granted; });
  if (first != table.waiters.end()) (*first)->granted = flag.take_for((*first)->thread, (*first)->wanted);
  ++table.wakes;
  table.woken.notify_all();
}

ADDER_COLD ADDER_FUNC bool LockFlag::share_listed(LockTable& table) {
  if (take_for(thread_identity(), Access::shared)) return true;
  table.readers.reserve(table.readers.size() + 1);
  if (!BorrowFlag::try_share()) return false;
  std::uint32_t state = load();
  if ((state & lower_half) == 1) {  // The others have left.
    holder_.store(thread_identity(), Order::relaxed);
    return true;
  }
  table.readers.push_back({thread_identity(), this});
  // From here on readers leave the long way, until the last one has.
  while ((state & listed) == 0 && !exchange_state(state, state + listed)) {
  }
  return true;
}
ADDER_COLD ADDER_FUNC bool LockFlag::share_further() noexcept {
  LockTable& table = lock_table();
  const std::lock_guard<std::mutex> lock(table.mutex);
  try {
    return share_listed(table);
  } catch (const std::bad_alloc&) {
    return false;
  }
}
ADDER_COLD ADDER_FUNC void LockFlag::end_further_share() noexcept {
  LockTable& table = lock_table();
  const std::lock_guard<std::mutex> lock(table.mutex);
  const auto found = std::find(table.readers.begin(), table.readers.end(), LockReader{thread_identity(), this});
  if (found != table.readers.end()) {
    *found = table.readers.back();
    table.readers.pop_back();
  } else {
    holder_.store(0, Order::relaxed);
  }
  std::uint32_t state = load(), left = 0;
  do {
    left = state - 1;
    if ((left & lower_half & ~(listed | watched)) == 0) left &= watched;
  } while (!exchange_state(state, left));
}
ADDER_FUNC bool LockFlag::is_held_here() const noexcept {
  if (holder() == thread_identity()) return true;
  LockTable& table = lock_table();
  const std::lock_guard<std::mutex> lock(table.mutex);
  return table.reads(thread_identity(), *this);
}

ADDER_COLD ADDER_FUNC bool LockFlag::try_in_turn(LockTable& table, Access wanted, bool* was_watched) {
  if (wanted == Access::exclusive) return was_watched == nullptr ? try_exclude() : try_exclude_quietly(*was_watched);
  return share_listed(table);
}

ADDER_COLD ADDER_FUNC bool wait_for_lock(LockFlag& flag, const char* class_name, Access wanted,
                                         bool* was_watched) noexcept {
  enum class Outcome : unsigned char { waiting, granted, deadlock, failed };
  LockTable& table = lock_table();
  LockWaiter me{thread_identity(), &flag, wanted};
  Outcome outcome = Outcome::waiting;
  lock_waiters.fetch_add(1, Order::seq_cst);
  try {
    std::unique_lock<std::mutex> lock(table.mutex);
    table.waiters.push_back(&me);
    while (true) {
      if (me.granted || flag.try_in_turn(table, wanted, was_watched)) {
        outcome = Outcome::granted;
      } else if (table.is_held_by(flag, me.thread) || table.waits_for(flag, me.thread)) {
        outcome = Outcome::deadlock;
      }
      if (outcome != Outcome::waiting) break;
      const std::uint64_t wakes = table.wakes;
      lock.unlock();
      token().allow_threads_unchecked([&] {
        lock.lock();
        // Not for ever: to look for signals, and as a wake can be missed by a moment where there is no GIL.
        table.woken.wait_for(lock, std::chrono::milliseconds(10), [&] { return me.granted || table.wakes != wakes; });
        lock.unlock();
      });
      if (guard_unwind(PyErr_CheckSignals) != 0) outcome = Outcome::failed;
      lock.lock();
      if (outcome != Outcome::waiting) break;
    }
    table.waiters.erase(std::find(table.waiters.begin(), table.waiters.end(), &me));
  } catch (const std::bad_alloc&) {
    const std::lock_guard<std::mutex> lock(table.mutex);
    const auto found = std::find(table.waiters.begin(), table.waiters.end(), &me);
    if (found != table.waiters.end()) table.waiters.erase(found);
    PyErr_NoMemory();
    outcome = Outcome::failed;
  }
  lock_waiters.fetch_sub(1, Order::relaxed);
  if (outcome == Outcome::failed && me.granted) wanted == Access::shared ? flag.end_share() : flag.end_exclude();
  if (outcome == Outcome::deadlock) {
    try {
      PyErr::Access::lazy(
          PyExc_RuntimeError,
          std::string("Deadlock: '").append(class_name).append("' object: its holder waits for what this thread holds"))
          .restore(token());
    } catch (const std::bad_alloc&) {
      PyErr_NoMemory();
    }
  }
  return outcome == Outcome::granted;
}

}  // namespace adder::inline ADDER_ABI::detail
