// SPDX-License-Identifier: MIT
/// @file
/// @brief The plain functions of dying.hpp.
#pragma once
#include "adder/error/detail/recursion.hpp"
#include "adder/gc/detail/dying.hpp"
#include "adder/token/error_scope.hpp"

#include <new>

namespace adder::inline ADDER_ABI {

namespace detail {

ADDER_FUNC void free_uncollected(void* object) noexcept { PyObject_Free(object); }

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
    if (abandoned_objects == nullptr) destructions.limit = Destructions::few;
    return true;
  }
  return false;
}

ADDER_NOINLINE ADDER_FUNC void destroy_within_limits(DyingObject dying) noexcept {
  Destructions& here = destructions;
  if (here.depth >= here.limit) [[unlikely]] {
    if (abandoned_objects != nullptr && take_abandoned(dying.object)) return free_object(dying.object);
    // What went so deep that it was refused may drop a chain on its way back.
    const bool is_enough = here.depth >= Destructions::most ||
                           (here.depth >= Destructions::few && is_near_end_of_stack(__builtin_frame_address(0)));
    if (is_enough && here.postponed != nullptr) {
      try {
        return here.postponed->push_back(dying);
      } catch (const std::bad_alloc&) {
        // Deeper, then.
      }
    }
  }
  // The destructor may call Python; an exception that is already on its way must survive it.
  const ErrorScope pending(token());
  ++here.depth;
  if (here.depth == 1) {
    PlainArray<DyingObject> later;
    here.postponed = &later;
    guard_unwind(dying.destroy, dying.object);
    while (later.size() != 0) {
      const DyingObject next = later.pop_back();
      guard_unwind(next.destroy, next.object);
    }
    here.postponed = nullptr;
  } else {
    guard_unwind(dying.destroy, dying.object);
  }
  --here.depth;
}

}  // namespace detail

}  // namespace adder::inline ADDER_ABI
