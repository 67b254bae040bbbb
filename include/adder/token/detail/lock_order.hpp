// SPDX-License-Identifier: MIT
/// @file
/// @brief In checked builds: which locks are waited for while which others are held. The GIL is one of them.
///
/// Two threads that take two locks in opposite order deadlock some day. That the orders differ can be seen long before:
/// each order is kept with the stack that it was first seen with, and where a new one closes a circle through the GIL,
/// all of them are printed. Nothing has to go wrong for that, and no two threads have to meet.
///
/// | seen                                                          | order kept     |
/// |---------------------------------------------------------------|----------------|
/// | a lock is waited for by a thread that is attached             | GIL, lock      |
/// | a lock is waited for by a thread that holds another           | other, lock    |
/// | Python code is called, or attached to, by a holder of a lock  | lock, GIL      |
/// | a function-local static is initialised, and a handle is made  | static, GIL    |
///
/// The linker leads the program's calls of pthread_mutex_lock and its like here: see adder_check_lock_order() in
/// cmake/adderModule.cmake, which defines ADDER_LOCK_ORDER as well. Without it there is nothing of this.
#pragma once
#include "adder/base/detail/atomic.hpp"

#if ADDER_LOCK_ORDER
#include <cxxabi.h>
#include <dlfcn.h>
#include <execinfo.h>
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <new>
#include <string_view>
#endif

namespace adder::inline ADDER_ABI::detail {

#if ADDER_LOCK_ORDER

enum class LockKind : unsigned char { gil, mutex, local_static };

/// A lock is known by its address; the GIL has none.
struct Lock {
  const void* address = nullptr;
  LockKind kind = LockKind::gil;
};

/// `wanted` was waited for while `held` was held. Kept for good.
struct LockOrderSeen {
  Lock held;
  Lock wanted;
  void* frames[32];
  int depth = 0;
};

/// All that has been seen. Any thread; never blocks.
class LockOrders {
 public:
  ADDER_NOINLINE void add(Lock held, Lock wanted) noexcept {
    if (held.address == wanted.address) return;
    LockOrderSeen* made = nullptr;
    for (std::size_t probe = 0; probe < most; ++probe) {
      Atomic<LockOrderSeen*>& place = seen_[(hash(held, wanted) + probe) % most];
      LockOrderSeen* found = place.load(Order::acquire);
      if (found == nullptr) {
        if (made == nullptr) made = new (std::nothrow) LockOrderSeen{held, wanted, {}, 0};
        if (made == nullptr) return;
        made->depth = backtrace(made->frames, static_cast<int>(std::size(made->frames)));
        // ORDER: sequentially consistent: of two threads that close a circle together, one sees the other's order.
        if (place.compare_exchange(found, made, Order::seq_cst)) return look_for_circle(*made);
      }
      if (found->held.address == held.address && found->wanted.address == wanted.address) break;
    }
    delete made;
  }

 private:
  static constexpr std::size_t most = 4096;  // What comes beyond is not looked at.
  static constexpr int most_locks = 512;     // The same.
  static constexpr int first_frame = 2;      // Those of add() and note_wait() tell nobody anything.

  /// Of a circle no more than this is shown.
  struct Path {
    const LockOrderSeen* steps[16];
    std::size_t size = 0;
    void push(const LockOrderSeen* step) noexcept {
      if (size < std::size(steps)) steps[size++] = step;
    }
  };

  static std::size_t hash(Lock held, Lock wanted) noexcept {
    const auto a = reinterpret_cast<std::uintptr_t>(held.address);
    const auto b = reinterpret_cast<std::uintptr_t>(wanted.address);
    return (a >> 3) * 31 + (b >> 3);
  }
  /// Appends the orders that lead from one lock to another, as few as possible. Looks at each lock once.
  bool find(const void* from, const void* to, Path& path) const noexcept {
    if (from == to) return true;
    struct Reached {
      const LockOrderSeen* order;
      int before;  // Index of the one that led there, or -1.
    };
    Reached reached[most_locks];
    int count = 0;
    for (int next = -1; next < count; ++next) {
      const void* lock = next < 0 ? from : reached[next].order->wanted.address;
      for (const Atomic<LockOrderSeen*>& place : seen_) {
        const LockOrderSeen* order = place.load(Order::seq_cst);
        if (order == nullptr || order->held.address != lock || count == most_locks) continue;
        if (std::any_of(reached, reached + count,
                        [&](const Reached& other) { return other.order->wanted.address == order->wanted.address; })) {
          continue;
        }
        reached[count++] = {order, next};
        if (order->wanted.address != to) continue;
        append(reached, count - 1, path);
        return true;
      }
    }
    return false;
  }
  template <class Reached>
  static void append(const Reached* reached, int last, Path& path) noexcept {
    if (reached[last].before >= 0) append(reached, reached[last].before, path);
    path.push(reached[last].order);
  }
  void look_for_circle(const LockOrderSeen& last) const noexcept {
    Path path;
    path.push(&last);
    // Addresses are used again, by other locks: circles without the GIL would often be mistakes.
    if (find(last.wanted.address, nullptr, path) && find(nullptr, last.held.address, path)) {
      report(path);
    }
  }

  static void name(char (&text)[64], Lock lock) noexcept {
    if (lock.kind == LockKind::gil) {
      std::snprintf(text, sizeof text, "the GIL");
    } else {
      std::snprintf(text, sizeof text, "%s %p",
                    lock.kind == LockKind::mutex ? "the mutex" : "the function-local static with the guard",
                    lock.address);
    }
  }
  ADDER_NOINLINE static void print_frame(const void* address) noexcept {
    Dl_info info{};
    const char* call = static_cast<const char*>(address) - 1;  // What is behind it may be another line's.
    if (dladdr(call, &info) == 0) return;
    const auto offset = call - static_cast<const char*>(info.dli_fbase);  // As addr2line wants it.
    std::fprintf(stderr, "    %s(+%#tx)", info.dli_fname, offset);
    if (info.dli_sname != nullptr) {
      char* readable = abi::__cxa_demangle(info.dli_sname, nullptr, nullptr, nullptr);
      std::fprintf(stderr, " %s", readable == nullptr ? info.dli_sname : readable);
      std::free(readable);
    }
    std::fputc('\n', stderr);
  }
  ADDER_COLD static void report(const Path& path) noexcept {
    std::fprintf(stderr, "adder: locks are taken in an order that can deadlock:\n");
    bool has_static = false;
    for (std::size_t i = 0; i < path.size; ++i) {
      const LockOrderSeen& step = *path.steps[i];
      char held[64], wanted[64];
      name(held, step.held);
      name(wanted, step.wanted);
      has_static = has_static || step.held.kind == LockKind::local_static;
      std::fprintf(stderr, "  %s can be waited for by who holds %s, seen at:\n", wanted, held);
      for (int frame = first_frame; frame < step.depth; ++frame) print_frame(step.frames[frame]);
    }
    std::fprintf(stderr, "%s\n",
                 has_static ? "A value that Python is needed for belongs in a GILOnceCell or a PyOnceLock."
                            : "Attached threads lock with lock_attached(py, mutex), which waits without the GIL.");
    std::fflush(stderr);
  }

  Atomic<LockOrderSeen*> seen_[most];
};
ADDER_HIDDEN inline constinit LockOrders lock_orders;

/// The locks that a thread holds.
struct HeldLocks {
  Lock locks[32];  // What is held beyond is not looked at.
  unsigned count = 0;
  unsigned statics = 0;
};
ADDER_HIDDEN inline constinit thread_local HeldLocks held_locks;

inline void note_locked(Lock lock) noexcept {
  HeldLocks& held = held_locks;
  if (held.count == std::size(held.locks)) return;
  held.locks[held.count++] = lock;
  if (lock.kind == LockKind::local_static) ++held.statics;
}
inline void note_unlocked(const void* address) noexcept {
  HeldLocks& held = held_locks;
  for (unsigned i = held.count; i-- > 0;) {
    if (held.locks[i].address != address) continue;
    if (held.locks[i].kind == LockKind::local_static) --held.statics;
    --held.count;
    for (; i < held.count; ++i) held.locks[i] = held.locks[i + 1];
    return;
  }
}
/// Before a wait for @p wanted.
ADDER_NOINLINE inline void note_wait(Lock wanted, bool attached) noexcept {
  const HeldLocks& held = held_locks;
  for (unsigned i = 0; i < held.count; ++i) {
    if (held.locks[i].address == wanted.address) return;  // A recursive mutex.
  }
  for (unsigned i = 0; i < held.count; ++i) lock_orders.add(held.locks[i], wanted);
  if (attached) lock_orders.add({}, wanted);
}
/// Before this thread waits for the GIL, or does what may let go of it and wait for it again.
inline void note_gil_wait() noexcept {
  if (held_locks.count != 0) [[unlikely]]
    note_wait({}, false);
}
/// Before Python is used at all, which the initialisation of a static should not.
inline void note_python_use() noexcept {
  if (held_locks.statics != 0) [[unlikely]]
    note_wait({}, false);
}

#else

inline void note_gil_wait() noexcept {}
inline void note_python_use() noexcept {}

#endif

}  // namespace adder::inline ADDER_ABI::detail
