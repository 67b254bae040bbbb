// SPDX-License-Identifier: MIT
/// @file
/// @brief The end of an object: destroyed at once, or put aside where a long chain of objects dies.
#pragma once
#include "adder/error/err.hpp"

namespace adder::inline ADDER_ABI::detail {

/// An object whose last reference is gone, with what destroys it.
struct DyingObject {
  ::PyObject* object;
  void (*destroy)(::PyObject*);
};

/// Destroys an object, or puts it aside where many destructions are under way: a long chain of objects that own each
/// other must not overflow the stack when its head goes. The outermost destruction goes through what was put aside.
/// (CPython's own trashcan serves only types that the collector tracks.)
ADDER_HIDDEN ADDER_NOINLINE inline void destroy_within_limits(DyingObject dying) noexcept {
  static constinit thread_local unsigned depth = 0;
  static constinit thread_local PlainArray<DyingObject>* postponed = nullptr;
  if (depth >= 64 && postponed != nullptr) {
    try {
      return postponed->push_back(dying);
    } catch (const std::bad_alloc&) {
      // Deeper, then.
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

/// tp_dealloc of plain classes whose values need no destruction: the same for all.
inline void free_object(::PyObject* object) noexcept {
  ::PyTypeObject* type = Py_TYPE(object);
  type->tp_free(object);
  Py_DECREF(type);
}

}  // namespace adder::inline ADDER_ABI::detail
