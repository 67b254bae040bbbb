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

#if defined(__unix__) || defined(__APPLE__)
#include <pthread.h>
#endif

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
  LockFlag* flag;
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
  /// In the child of a fork: the threads that waited are gone, and no flag is given to them any more.
  void only_this_thread() noexcept {
    std::uint32_t own = 0;
    for (LockWaiter* waiter : waiters) {
      if (waiter->thread == thread_identity()) {  // A signal handler that forks.
        waiters[own++] = waiter;
      } else if (waiter->granted) {
        waiter->flag->take_back(waiter->wanted);
      }
    }
    waiters.resize(own);
    lock_waiters.store(own, Order::relaxed);
    // Not destroyed: that would wait for who waited here.
    ::new (static_cast<void*>(&woken)) std::condition_variable;
  }
};
/// Never destroyed: threads may wait while the program ends.
LockTable& lock_table();
ADDER_COLD ADDER_FUNC LockTable* make_lock_table() {
#if defined(__unix__) || defined(__APPLE__)
  // Locked meanwhile: a thread that waits does so without the GIL, and may be in the table at any time.
  pthread_atfork([] { lock_table().mutex.lock(); }, [] { lock_table().mutex.unlock(); },
                 [] {
                   lock_table().only_this_thread();
                   lock_table().mutex.unlock();
                 });
#endif
  return new LockTable;
}
ADDER_FUNC LockTable& lock_table() {
  static auto* const table = make_lock_table();
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
  count_reader_out();
}
ADDER_COLD ADDER_FUNC void LockFlag::count_reader_out() noexcept {
  std::uint32_t state = load(), left = 0;
  do {
    left = state - 1;
    if ((left & lower_half & ~(listed | watched)) == 0) left &= watched;
  } while (!exchange_state(state, left));
}
ADDER_COLD ADDER_FUNC void LockFlag::take_back(Access given) noexcept {
  holder_.store(0, Order::relaxed);
  given == Access::shared ? count_reader_out() : BorrowFlag::end_exclude();
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
