// SPDX-License-Identifier: MIT
/// @file
/// @brief The plain functions of reference_pool.hpp.
#pragma once
#include "adder/token/detail/reference_pool.hpp"
#include "adder/token/error_scope.hpp"

#include <new>

namespace adder::inline ADDER_ABI {

namespace detail {

ADDER_COLD ADDER_FUNC void defer_release(::PyObject* object) noexcept {
  if (attach_gate.closed()) return;
  if (auto* node = new (std::nothrow) DeferredRelease{object, nullptr}) defer_end(node);
}  // NOLINT(clang-analyzer-cplusplus.NewDeleteLeaks): the list owns it

ADDER_COLD ADDER_FUNC void defer_end(DeferredRelease* node) noexcept {
  if (attach_gate.closed()) return;
  node->next = deferred_releases.load(Order::relaxed);
  // ORDER: release publishes the node to the thread whose exchange acquires the list.
  while (!deferred_releases.compare_exchange(node->next, node, Order::release)) {
  }
}

ADDER_COLD ADDER_FUNC void drain_deferred_slowly() noexcept {
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
  const ErrorScope pending(token());
  while (list != nullptr) {
    DeferredRelease* node = list;
    list = list->next;
    if (node->end != nullptr) {
      node->end(node);
      continue;
    }
    ::PyObject* object = node->object;
    delete node;
    release(object);
  }
}

}  // namespace detail

}  // namespace adder::inline ADDER_ABI
