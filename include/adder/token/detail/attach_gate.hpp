// SPDX-License-Identifier: MIT
/// @file
/// @brief The gate that closes when the interpreter shuts down, and which interpreter this shared object works with.
///
/// One copy of this state exists per shared object that includes adder.
///
/// Why a gate. Up to 3.13 a thread that asks for the GIL of a finalizing interpreter is ended with pthread_exit, which
/// unwinds through C++ frames without the GIL; from 3.14 on it hangs. So adder threads never ask too late: an `atexit`
/// callback closes the gate, lets the threads that already passed it have the GIL, and only then lets finalization go
/// on. Threads that come later are told no.
///
/// | a thread                      | close()                                           |
/// |-------------------------------|---------------------------------------------------|
/// | has passed the gate           | waits, for about a second                         |
/// | and waits for the GIL         | then goes on letting it have the GIL              |
/// | and is attached, or was once  | leaves it behind: it is parked when it comes back |
#pragma once
#include "adder/base/detail/atomic.hpp"
#include "adder/base/detail/newer_python.hpp"  // IWYU pragma: export (is_finalizing)
#include "adder/token/detail/scope_stack.hpp"

#include <cstdint>

namespace adder::inline ADDER_ABI::detail {

/// How many threads have passed the gate, and how many of them were attached since: they have arrived.
#if !defined(Py_GIL_DISABLED)
class GateCounts {
 public:
  void enter(ThreadScopes&) noexcept { inside_.fetch_add(1, Order::seq_cst); }
  void turn_back(ThreadScopes&) noexcept { inside_.fetch_sub(1, Order::seq_cst); }
  void leave(ThreadScopes&) noexcept { inside_.fetch_sub(1, Order::seq_cst); }
  /// Called with the GIL, as are depart() and on_the_way().
  void arrive(ThreadScopes&) noexcept { count_arrived(1); }
  void depart(ThreadScopes&) noexcept { count_arrived(~std::uint32_t{0}); }
  void only_this_thread() noexcept {
    inside_.store(thread_scopes.gate_entries, Order::seq_cst);
    arrived_.store(thread_scopes.gate_entries, Order::relaxed);
  }
  std::uint32_t inside() const noexcept { return inside_.load(Order::seq_cst); }
  bool on_the_way() const noexcept { return inside() != arrived_.load(Order::relaxed); }

 private:
  void count_arrived(std::uint32_t change) noexcept {
    // ORDER: relaxed, and no single step: the GIL is held by whoever writes and whoever reads.
    arrived_.store(arrived_.load(Order::relaxed) + change, Order::relaxed);
  }
  Atomic<std::uint32_t> inside_{0};
  Atomic<std::uint32_t> arrived_{0};
};
#else
/// In a cache line for each of some threads: they do not attach one after the other here.
class GateCounts {
 public:
  void enter(ThreadScopes& scopes) noexcept { word_of(scopes).fetch_add(1, Order::seq_cst); }
  void turn_back(ThreadScopes& scopes) noexcept { word_of(scopes).fetch_sub(1, Order::seq_cst); }
  void leave(ThreadScopes& scopes) noexcept { word_of(scopes).fetch_sub(one_arrived, Order::seq_cst); }
  void arrive(ThreadScopes& scopes) noexcept { word_of(scopes).fetch_add(one_arrived - 1, Order::seq_cst); }
  void depart(ThreadScopes&) noexcept {}
  void only_this_thread() noexcept {
    for (Line& line : lines_) line.word.store(0, Order::seq_cst);
    const std::uintptr_t entries = thread_scopes.gate_entries;
    word_of(thread_scopes).store(entries * one_arrived, Order::seq_cst);
  }
  std::uint32_t inside() const noexcept {
    std::uintptr_t sum = 0;
    for (const Line& line : lines_) {
      const std::uintptr_t word = line.word.load(Order::seq_cst);
      sum += word % one_arrived + word / one_arrived;
    }
    return static_cast<std::uint32_t>(sum);
  }
  bool on_the_way() const noexcept {
    for (const Line& line : lines_) {
      if (line.word.load(Order::seq_cst) % one_arrived != 0) return true;
    }
    return false;
  }

 private:
  struct alignas(64) Line {
    Atomic<std::uintptr_t> word{0};  ///< Those on the way, and in the upper half those who have arrived.
  };
  static constexpr std::uintptr_t one_arrived = std::uintptr_t{1} << (4 * sizeof(std::uintptr_t));

  Atomic<std::uintptr_t>& word_of(ThreadScopes& scopes) noexcept {
    // Thread-local variables are at the ends of stacks, which are some whole pages from each other.
    return lines_[(reinterpret_cast<std::uintptr_t>(&scopes) >> 12U) % 16].word;
  }
  Line lines_[16];
};
#endif

/// Admits threads that want to attach, until the interpreter begins to shut down.
class AttachGate {
 public:
  /// False: the gate is closed and the caller has no business with the interpreter. The caller has just seen it open:
  /// once it is closed nobody is counted any more, not even for a moment, for others_stay_inside().
  bool enter(ThreadScopes& scopes) noexcept {
    // ORDER: sequentially consistent against close(): either we see `closed_`, or close() sees our count.
    counts_.enter(scopes);
    if (closed_.load(Order::seq_cst)) {
      counts_.turn_back(scopes);
      return false;
    }
    ++scopes.gate_entries;
    return true;
  }
  /// The thread that has entered is attached: it no longer waits for the GIL.
  void arrive(ThreadScopes& scopes) noexcept { counts_.arrive(scopes); }
  /// It is about to detach.
  void depart(ThreadScopes& scopes) noexcept { counts_.depart(scopes); }
  /// Of a thread that has entered and does not attach.
  void turn_back(ThreadScopes& scopes) noexcept {
    --scopes.gate_entries;
    counts_.turn_back(scopes);
  }
  void leave(ThreadScopes& scopes) noexcept {
    --scopes.gate_entries;
    counts_.leave(scopes);
  }
  /// For the child of a fork, in which the other threads are gone.
  void only_this_thread() noexcept { counts_.only_this_thread(); }
  bool closed() const noexcept { return closed_.load(Order::acquire); }
  /// The gate is closed, and another thread that had passed it did not come back: it may never do.
  bool others_stay_inside() const noexcept { return closed() && others_inside(); }

  /// Refuses newcomers and waits for those inside. The caller is attached; it detaches while it waits, or they
  /// could not leave. A thread that stays inside for longer than about a second is not waited for: it
  /// may be waiting for something that only the end of the process brings. One that is still to get the GIL does get
  /// it.
  void close() noexcept;

 private:
  /// The thread that ends the interpreter may have passed the gate itself.
  bool others_inside() const noexcept { return counts_.inside() > thread_scopes.gate_entries; }

  GateCounts counts_;
  Atomic<bool> closed_{false};
};

ADDER_HIDDEN inline constinit AttachGate attach_gate;

/// True once adder knows that the interpreter is started and its own hooks are in place.
ADDER_HIDDEN inline constinit Atomic<bool> runtime_ready{false};

/// True while the gate is open and the `atexit` callback that closes it is registered: finalization does not begin
/// without it. False as well where it could not be registered, or Python has dropped it (`atexit._clear()`).
ADDER_HIDDEN inline constinit Atomic<bool> gate_will_close{false};

/// The interpreter this shared object works with; null until adder knows of it, and no interpreter's address once it is
/// gone.
ADDER_HIDDEN inline constinit Atomic<PyInterpreterState*> home_interpreter{nullptr};

/// What home_interpreter points to once the interpreter is gone.
inline PyInterpreterState* no_interpreter() noexcept { return reinterpret_cast<PyInterpreterState*>(&runtime_ready); }

}  // namespace adder::inline ADDER_ABI::detail

#if !ADDER_COMPILED
#include "adder/token/detail/attach_gate_inl.hpp"
#endif
