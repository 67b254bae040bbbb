// SPDX-License-Identifier: MIT
/// @file
/// @brief References dropped while the thread was detached, released at the next attach.
///
/// A `Py<T>` may die on any thread. Where that thread is not attached its reference is pushed here, without a lock; the
/// next thread that attaches (or re-attaches after `allow_threads`) releases it, in the order in which they came. Once
/// the interpreter shuts down, references are leaked on purpose: there is nobody left to release them.
#pragma once
#include "adder/token/detail/attachment.hpp"
#include "adder/token/detail/refcount.hpp"

namespace adder::inline ADDER_ABI::detail {

struct DeferredRelease {
  ::PyObject* object;
  DeferredRelease* next;
  /// What is done instead where it is not null: for what is more than a reference, of which this is then a part.
  void (*end)(DeferredRelease*) noexcept = nullptr;
};

ADDER_HIDDEN inline constinit Atomic<DeferredRelease*> deferred_releases{nullptr};

/// Takes over one reference. Any thread; never blocks, never fails (out of memory leaks the object).
ADDER_COLD_CALL void defer_release(::PyObject* object) noexcept;

/// The same for a part of something larger: `node->end` is called attached, or never, once the interpreter shuts down.
ADDER_COLD_CALL void defer_end(DeferredRelease* node) noexcept;

ADDER_COLD_CALL void drain_deferred_slowly() noexcept;

/// Releases what was deferred. The caller is attached. One relaxed load when there is nothing.
inline void drain_deferred() noexcept {
  // ORDER: relaxed is enough for the look: the exchange that takes the list acquires it.
  if (deferred_releases.load(Order::relaxed) != nullptr) [[unlikely]]
    drain_deferred_slowly();
}

/// Whether references may be given up here and now.
inline bool may_release() noexcept {
  const PyThreadState* state = current_state();
  // Without a home the object came from the C API, past adder.
  const PyInterpreterState* home = home_interpreter.load(Order::relaxed);
  return state != nullptr && (state->interp == home || home == nullptr);
}

/// Gives up one reference from any thread, attached or not.
inline void release_anywhere(::PyObject* object) noexcept {
  if (may_release()) [[likely]] {
    release(object);
  } else {
    defer_release(object);
  }
}

}  // namespace adder::inline ADDER_ABI::detail

#if !ADDER_COMPILED
#include "adder/token/detail/reference_pool_inl.hpp"
#endif
