// SPDX-License-Identifier: MIT
/// @file
/// @brief The attach and detach scopes of a thread, and whether it is attached.
#pragma once
#include "adder/base/detail/fatal.hpp"

#include <cstdint>

namespace adder::inline ADDER_ABI::detail {

/// One entry of the stack of attach and detach scopes of a thread. Lives on the C++ stack.
struct GilScope {
  GilScope* outer;
  /// The thread state that the scope is attached with, which lives as long as the scope; null in a detached section.
  PyThreadState* state;
};

/// What adder keeps for each thread. In one place, as each look-up is a call in a shared object: who needs more of it
/// looks it up once and hands it on.
struct ThreadScopes {
  GilScope* innermost = nullptr;
  std::uint32_t gate_entries = 0;  ///< How often the thread has passed the gate of attach_gate.hpp and not come back.
};
ADDER_HIDDEN inline constinit thread_local ThreadScopes thread_scopes;

/// Those of this thread, looked up now.
ADDER_INLINE ThreadScopes& look_up_scopes() noexcept {
  ThreadScopes* scopes = &thread_scopes;
#if defined(__GNUC__)
  asm("" : "+r"(scopes));  // Or the compiler may look them up again at each use.
#endif
  return *scopes;
}

inline void push_scope(ThreadScopes& scopes, GilScope& scope, PyThreadState* state) noexcept {
  scope.outer = scopes.innermost;
  scope.state = state;
  scopes.innermost = &scope;
}

/// The thread state of whoever is attached: up to 3.11 of the thread that holds the GIL.
inline PyThreadState* unchecked_state() noexcept {
#if PY_VERSION_HEX >= 0x030D0000
  return PyThreadState_GetUnchecked();
#else
  return _PyThreadState_UncheckedGet();
#endif
}

#if PY_VERSION_HEX < 0x030C0000
/// Whether @p current, which is not the state that CPython keeps for this thread, belongs to this thread nevertheless.
ADDER_COLD_CALL bool is_another_of_this_thread(const PyThreadState* current) noexcept;
#endif

/// @p current, if this thread is attached with it; null otherwise. Up to 3.11 it belongs to whoever holds the GIL.
inline PyThreadState* own_or_null(PyThreadState* current) noexcept {
#if PY_VERSION_HEX < 0x030C0000
  if (current != nullptr && current != PyGILState_GetThisThreadState() && !is_another_of_this_thread(current)) {
    return nullptr;
  }
#endif
  return current;
}

/// The thread state that this thread is attached with, however it got there; null when it is not attached.
///
/// Asks the interpreter, because a count of our own would be wrong after a raw PyEval_SaveThread and in code that was
/// called by Python; PyGILState_Check would be wrong once a sub-interpreter has existed.
inline PyThreadState* current_state() noexcept {
  PyThreadState* const current = unchecked_state();
#if PY_VERSION_HEX < 0x030C0000 && (!defined(__PIC__) || defined(__PIE__))
  // In a program, that of a scope of ours is found sooner than the one that CPython keeps for the thread.
  const GilScope* const innermost = current == nullptr ? nullptr : thread_scopes.innermost;
  if (innermost != nullptr && innermost->state == current) return current;
#endif
  return own_or_null(current);
}

inline bool is_attached() noexcept { return current_state() != nullptr; }

inline void pop_scope(ThreadScopes& scopes, GilScope& scope) noexcept {
  if (scopes.innermost != &scope) [[unlikely]] {
    fatal("GIL guards must be dropped in the reverse order of their creation, on the thread that created them", {});
  }
  scopes.innermost = scope.outer;
}

}  // namespace adder::inline ADDER_ABI::detail

#if !ADDER_COMPILED
#include "adder/token/detail/scope_stack_inl.hpp"
#endif
