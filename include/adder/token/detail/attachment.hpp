// SPDX-License-Identifier: MIT
/// @file
/// @brief Whether this thread may touch Python.
#pragma once
#include "adder/token/detail/attach_gate.hpp"
#include "adder/token/detail/scope_stack.hpp"

namespace adder::inline ADDER_ABI::detail {

/// The state of a scope of the garbage collector: the thread may not touch Python, though it is attached. No thread's.
inline PyThreadState* traversing() noexcept { return reinterpret_cast<PyThreadState*>(&home_interpreter); }

/// Whether this thread, which is attached with @p state, may use Python. The objects of one interpreter must not get to
/// another, which may have a GIL of its own; and the collector counts references while it traverses.
inline bool may_use(const PyThreadState* state, const GilScope* innermost = thread_scopes.innermost) noexcept {
  return state->interp == home_interpreter.load(Order::relaxed) &&
         (innermost == nullptr || innermost->state != traversing());
}

/// How many scopes show handles to the garbage collector just now. It traverses on one thread, which is attached.
ADDER_HIDDEN inline constinit Atomic<int> traversals{0};

/// Whether this thread, which is attached with @p state, if with any, may use Python: the quick look, without one at
/// the scopes of this thread, which costs a call. False also before anybody has looked for an interpreter.
ADDER_INLINE bool may_use_quickly(const PyThreadState* state) noexcept {
  return state != nullptr && state->interp == home_interpreter.load(Order::relaxed) &&
         traversals.load(Order::relaxed) == 0;
}
/// The same of who attaches otherwise.
ADDER_INLINE bool may_use_python() noexcept { return may_use_quickly(own_or_null(unchecked_state())); }

#if ADDER_CHECKED
/// What forbids this thread to use a handle; null for nothing.
const char* attachment_problem() noexcept;
[[noreturn]] ADDER_COLD_CALL void refuse_token(const char* use, const char* problem, Location where) noexcept;
#endif

/// Ends the process where a token is used that does not hold, in checked builds.
ADDER_INLINE void check_token([[maybe_unused]] const char* use, [[maybe_unused]] Location where = {}) noexcept {
#if ADDER_CHECKED
  if (const char* problem = attachment_problem()) [[unlikely]]
    refuse_token(use, problem, where);
#endif
}

/// While code of users shows handles to the garbage collector.
class TraverseScope {
 public:
  TraverseScope() noexcept {
    push_scope(thread_scopes, scope_, traversing());
    traversals.fetch_add(1, Order::relaxed);
  }
  ~TraverseScope() {
    traversals.fetch_sub(1, Order::relaxed);
    pop_scope(thread_scopes, scope_);
  }
  TraverseScope(const TraverseScope&) = delete;
  TraverseScope& operator=(const TraverseScope&) = delete;

 private:
  GilScope scope_{};
};

}  // namespace adder::inline ADDER_ABI::detail

#if !ADDER_COMPILED
#include "adder/token/detail/attachment_inl.hpp"
#endif
