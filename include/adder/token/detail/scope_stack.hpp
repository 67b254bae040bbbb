// SPDX-License-Identifier: MIT
/// @file
/// @brief The attach and detach scopes of a thread, and whether it is attached.
#pragma once
#include "adder/base/detail/fatal.hpp"

namespace adder::inline ADDER_ABI::detail {

/// One entry of the stack of attach and detach scopes of a thread. Lives on the C++ stack.
struct GilScope {
  GilScope* outer;
  /// The thread state that the scope is attached with, which lives as long as the scope; null in a detached section.
  PyThreadState* state;
};

ADDER_HIDDEN inline constinit thread_local GilScope* innermost_scope = nullptr;

inline void push_scope(GilScope& scope, PyThreadState* state) noexcept {
  scope.outer = innermost_scope;
  scope.state = state;
  innermost_scope = &scope;
}

/// The thread state that this thread is attached with, however it got there; null when it is not attached.
///
/// Asks the interpreter, because a count of our own would be wrong after a raw PyEval_SaveThread and in code that was
/// called by Python; PyGILState_Check would be wrong once a sub-interpreter has existed.
/// @param innermost  The innermost scope of this thread: who needs it for more has looked it up, which costs a call.
inline PyThreadState* current_state([[maybe_unused]] const GilScope* innermost) noexcept {
#if PY_VERSION_HEX >= 0x030D0000
  return PyThreadState_GetUnchecked();
#elif PY_VERSION_HEX >= 0x030C0000
  return _PyThreadState_UncheckedGet();
#else
  // Up to 3.11 the unchecked current state belongs to whoever holds the GIL, so it has to be this thread's own: that of
  // a scope of ours, which is quickly found, or the one that CPython keeps for the thread.
  PyThreadState* current = _PyThreadState_UncheckedGet();
  if (current == nullptr) return nullptr;
  if (innermost != nullptr && innermost->state == current) return current;
  if (current == PyGILState_GetThisThreadState()) return current;
  // Or one that the program has made for a sub-interpreter. Its owner may be another thread, which may end just now: so
  // it is looked at only where there are sub-interpreters.
  const bool is_alone = PyInterpreterState_Head() == PyInterpreterState_Main();
  return !is_alone && current->thread_id == PyThread_get_thread_ident() ? current : nullptr;
#endif
}

inline PyThreadState* current_state() noexcept {
#if PY_VERSION_HEX >= 0x030C0000
  return current_state(nullptr);
#else
  return current_state(innermost_scope);
#endif
}

inline bool is_attached() noexcept { return current_state() != nullptr; }

inline void pop_scope(GilScope& scope) noexcept {
  if (innermost_scope != &scope) [[unlikely]] {
    fatal("GIL guards must be dropped in the reverse order of their creation, on the thread that created them", {});
  }
  innermost_scope = scope.outer;
}

}  // namespace adder::inline ADDER_ABI::detail
