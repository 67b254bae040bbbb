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
#pragma once
#include "adder/base/detail/atomic.hpp"
#include "adder/token/detail/scope_stack.hpp"

#include <cstdint>

namespace adder::inline ADDER_ABI::detail {

inline bool is_finalizing() noexcept {
#if PY_VERSION_HEX >= 0x030D0000
  return Py_IsFinalizing() != 0;
#else
  return _Py_IsFinalizing() != 0;
#endif
}

/// Admits threads that want to attach, until the interpreter begins to shut down.
class AttachGate {
 public:
  /// False: the gate is closed and the caller has no business with the interpreter.
  bool enter(ThreadScopes& scopes) noexcept {
    // Once the gate is closed nobody is counted any more, not even for a moment: see others_stay_inside().
    if (closed_.load(Order::acquire)) return false;
    // ORDER: sequentially consistent against close(): either we see `closed_`, or close() sees our count.
    inside_.fetch_add(1, Order::seq_cst);
    if (closed_.load(Order::seq_cst)) {
      inside_.fetch_sub(1, Order::seq_cst);
      return false;
    }
    ++scopes.gate_entries;
    return true;
  }
  void leave(ThreadScopes& scopes) noexcept {
    --scopes.gate_entries;
    inside_.fetch_sub(1, Order::seq_cst);
  }
  /// For the child of a fork, in which the other threads are gone.
  void only_this_thread() noexcept { inside_.store(thread_scopes.gate_entries, Order::seq_cst); }
  bool closed() const noexcept { return closed_.load(Order::acquire); }
  /// The gate is closed, and another thread that had passed it did not come back: it may never do.
  bool others_stay_inside() const noexcept {
    return closed() && inside_.load(Order::seq_cst) > thread_scopes.gate_entries;
  }

  /// Refuses newcomers and waits for those inside. The caller is attached; it detaches while it waits, or they
  /// could not leave. A thread that stays inside for longer than about a second is not waited for: it
  /// may be waiting for something that only the end of the process brings.
  void close() noexcept;

 private:
  Atomic<std::uint32_t> inside_{0};
  Atomic<bool> closed_{false};
};

ADDER_HIDDEN inline constinit AttachGate attach_gate;

/// True once adder knows that the interpreter is started and its own hooks are in place.
ADDER_HIDDEN inline constinit Atomic<bool> runtime_ready{false};

/// The interpreter this shared object works with; null until adder knows of it, and no interpreter's address once it is
/// gone.
ADDER_HIDDEN inline constinit Atomic<PyInterpreterState*> home_interpreter{nullptr};

/// What home_interpreter points to once the interpreter is gone.
inline PyInterpreterState* no_interpreter() noexcept { return reinterpret_cast<PyInterpreterState*>(&runtime_ready); }

}  // namespace adder::inline ADDER_ABI::detail

#if !ADDER_COMPILED
#include "adder/token/detail/attach_gate_inl.hpp"
#endif
