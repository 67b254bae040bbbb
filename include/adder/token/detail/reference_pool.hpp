// SPDX-License-Identifier: MIT
/// @file
/// @brief References dropped while the thread was detached, released at the next attach.
///
/// A `Py<T>` may die on any thread. Where that thread is not attached its reference is pushed here, without a lock; the
/// next thread that attaches (or re-attaches after `allow_threads`) releases it, in the order in which they came. Once
/// the interpreter shuts down, references are leaked on purpose: there is nobody left to release them.
#pragma once
#include "adder/token/detail/attach.hpp"

#include <new>

namespace adder::inline ADDER_ABI::detail {

struct DeferredRelease {
  ::PyObject* object;
  DeferredRelease* next;
};

ADDER_HIDDEN inline constinit Atomic<DeferredRelease*> deferred_releases{nullptr};

/// Takes over one reference. Any thread; never blocks, never fails (out of memory leaks the object).
ADDER_COLD inline void defer_release(::PyObject* object) noexcept {
  if (attach_gate.closed()) return;
  auto* node = new (std::nothrow) DeferredRelease{object, nullptr};
  if (node == nullptr) return;
  node->next = deferred_releases.load(Order::relaxed);
  // ORDER: release publishes the node to the thread whose exchange acquires the list.
  while (!deferred_releases.compare_exchange(node->next, node, Order::release)) {
  }
}

ADDER_COLD inline void drain_deferred_slowly() noexcept {
  // Another interpreter's references are not ours to touch; they wait for a thread attached to their own.
  PyInterpreterState* home = home_interpreter.load(Order::acquire);
  if (home != nullptr && PyInterpreterState_Get() != home) return;
  DeferredRelease* newest_first = deferred_releases.exchange(nullptr, Order::acquire);
  DeferredRelease* list = nullptr;
  while (newest_first != nullptr) {
    DeferredRelease* next = newest_first->next;
    newest_first->next = list;
    list = newest_first;
    newest_first = next;
  }
  // Destructors run Python code; an exception that is already on its way must survive them.
  ::PyObject *type = nullptr, *value = nullptr, *traceback = nullptr;
  PyErr_Fetch(&type, &value, &traceback);
  while (list != nullptr) {
    DeferredRelease* node = list;
    list = list->next;
    ::PyObject* object = node->object;
    delete node;
    release(object);
  }
  PyErr_Restore(type, value, traceback);
}

/// Releases what was deferred. The caller is attached. One relaxed load when there is nothing.
inline void drain_deferred() noexcept {
  // ORDER: relaxed is enough for the look: the exchange that takes the list acquires it.
  if (deferred_releases.load(Order::relaxed) != nullptr) [[unlikely]]
    drain_deferred_slowly();
}

/// Gives up one reference from any thread, attached or not.
inline void release_anywhere(::PyObject* object) noexcept {
  const PyThreadState* state = current_state();
  // Without a home this object came from the C API, past adder.
  const PyInterpreterState* home = home_interpreter.load(Order::relaxed);
  if (state != nullptr && (state->interp == home || home == nullptr)) [[likely]] {
    release(object);
  } else {
    defer_release(object);
  }
}

}  // namespace adder::inline ADDER_ABI::detail
