// SPDX-License-Identifier: MIT
/// @file
/// @brief The plain functions of dying.hpp.
#pragma once
#include "adder/gc/detail/dying.hpp"

namespace adder::inline ADDER_ABI {

namespace detail {

ADDER_COLD ADDER_FUNC bool take_abandoned(::PyObject* object) noexcept {
  for (AbandonedObject** at = &abandoned_objects; *at != nullptr; at = &(*at)->next) {
    if ((*at)->object != object) continue;
    AbandonedObject* found = *at;
    *at = found->next;
    if (found == &abandoned_first) {
      found->object = nullptr;
    } else {
      delete found;
    }
    if (abandoned_objects == nullptr) undisturbed_destructions = most_nested_destructions;
    return true;
  }
  return false;
}

ADDER_NOINLINE ADDER_FUNC void destroy_within_limits(DyingObject dying) noexcept {
  static constinit thread_local unsigned depth = 0;
  static constinit thread_local PlainArray<DyingObject>* postponed = nullptr;
  if (depth >= undisturbed_destructions) [[unlikely]] {
    if (abandoned_objects != nullptr && take_abandoned(dying.object)) return free_object(dying.object);
    if (depth >= most_nested_destructions && postponed != nullptr) {
      try {
        return postponed->push_back(dying);
      } catch (const std::bad_alloc&) {
        // Deeper, then.
      }
    }
  }
  // The destructor may call Python; an exception that is already on its way must survive it.
  const ErrorScope pending(token());
  ++depth;
  if (depth == 1) {
    PlainArray<DyingObject> later;
    postponed = &later;
    guard_unwind([&] { dying.destroy(dying.object); });
    while (later.size() != 0) {
      const DyingObject next = later.pop_back();
      guard_unwind([&] { next.destroy(next.object); });
    }
    postponed = nullptr;
  } else {
    guard_unwind([&] { dying.destroy(dying.object); });
  }
  --depth;
}

}  // namespace detail

}  // namespace adder::inline ADDER_ABI
