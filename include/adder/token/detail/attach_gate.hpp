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
/// | a thread                         | counted in           | close()                                             |
/// |----------------------------------|----------------------|-----------------------------------------------------|
/// | has passed the gate              | `inside_`            | waits, for about a second                           |
/// | and waits for the GIL            | that alone           | then goes on letting it have the GIL                |
/// | and is attached, or was once     | `arrived_` as well   | leaves it behind: it is parked when it comes back   |
#pragma once
#include "adder/base/detail/atomic.hpp"
#include "adder/base/detail/newer_python.hpp"  // IWYU pragma: export (is_finalizing)
#include "adder/token/detail/scope_stack.hpp"

#include <cstdint>

namespace adder::inline ADDER_ABI::detail {

/// Admits threads that want to attach, until the interpreter begins to shut down.
class AttachGate {
 public:
  /// False: the gate is closed and the caller has no business with the interpreter. The caller has just seen it open:
  /// once it is closed nobody is counted any more, not even for a moment, for others_stay_inside().
  bool enter(ThreadScopes& scopes) noexcept {
    // ORDER: sequentially consistent against close(): either we see `closed_`, or close() sees our count.
    inside_.fetch_add(1, Order::seq_cst);
    if (closed_.load(Order::seq_cst)) {
      inside_.fetch_sub(1, Order::seq_cst);
      return false;
    }
    ++scopes.gate_entries;
    return true;
  }
  /// The thread that has entered is attached: it no longer waits for the GIL.
  void arrive() noexcept { count_arrived(1); }
  /// It is about to detach.
  void depart() noexcept { count_arrived(-1); }
  void leave(ThreadScopes& scopes) noexcept {
    --scopes.gate_entries;
    inside_.fetch_sub(1, Order::seq_cst);
  }
  /// For the child of a fork, in which the other threads are gone.
  void only_this_thread() noexcept {
    inside_.store(thread_scopes.gate_entries, Order::seq_cst);
    arrived_.store(thread_scopes.gate_entries, Order::seq_cst);
  }
  bool closed() const noexcept { return closed_.load(Order::acquire); }
  /// The gate is closed, and another thread that had passed it did not come back: it may never do.
  bool others_stay_inside() const noexcept {
    return closed() && inside_.load(Order::seq_cst) > thread_scopes.gate_entries;
  }

  /// Refuses newcomers and waits for those inside. The caller is attached; it detaches while it waits, or they
  /// could not leave. A thread that stays inside for longer than about a second is not waited for: it
  /// may be waiting for something that only the end of the process brings. One that is still to get the GIL does get
  /// it.
  void close() noexcept;

 private:
  /// By a thread that is attached.
  void count_arrived(std::int32_t change) noexcept {
    const auto bits = static_cast<std::uint32_t>(change);
#if defined(Py_GIL_DISABLED)
    // ORDER: seq_cst as for inside_, in the order that others_on_the_way() reads them.
    arrived_.fetch_add(bits, Order::seq_cst);
#else
    // ORDER: relaxed, as the GIL is held by whoever counts and whoever reads.
    arrived_.store(arrived_.load(Order::relaxed) + bits, Order::relaxed);
#endif
  }
  /// Whether somebody has passed the gate and is not attached yet. The caller is attached.
  bool others_on_the_way() const noexcept {
    // Those inside come first: who arrives between the two looks is not on the way, and nobody enters any more.
    const std::uint32_t inside = inside_.load(Order::seq_cst);
    return static_cast<std::int32_t>(inside - arrived_.load(Order::seq_cst)) > 0;
  }

  Atomic<std::uint32_t> inside_{0};
  Atomic<std::uint32_t> arrived_{0};  ///< Of those inside, who has been attached.
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
