// SPDX-License-Identifier: MIT
/// @file
/// @brief The end of an object: destroyed at once, or put aside where a long chain of objects dies; and of those
/// that never had a value.
#pragma once
#include "adder/base/detail/plain_array.hpp"

namespace adder::inline ADDER_ABI::detail {

/// The objects of this thread whose value could not be built, until they are freed: at once mostly, but CPython puts
/// objects aside where many are being freed.
struct AbandonedObject {
  ::PyObject* object;
  AbandonedObject* next;
};
ADDER_HIDDEN inline constinit thread_local AbandonedObject* abandoned_objects = nullptr;
/// An entry that need not be allocated: that there is no memory may be why the value could not be built.
ADDER_HIDDEN inline constinit thread_local AbandonedObject abandoned_first{nullptr, nullptr};
/// An object whose last reference is gone, with what destroys it.
struct DyingObject {
  ::PyObject* object;
  void (*destroy)(::PyObject*);
};
/// The destructions under way in this thread; see destroy_within_limits(). One variable: each has its price.
struct Destructions {
  static constexpr unsigned most = 64;
  /// From how many on it matters how much is left of the stack.
  static constexpr unsigned few = 8;

  unsigned depth = 0;
  /// From how many on the next is not simply begun: from the first on while there are abandoned objects.
  unsigned limit = few;
  PlainArray<DyingObject>* postponed = nullptr;
};
ADDER_HIDDEN inline constinit thread_local Destructions destructions;

/// Whether an object is one of them; it is not any more.
ADDER_COLD_CALL bool take_abandoned(::PyObject* object) noexcept;

/// Destroys an object, or puts it aside where many destructions are under way: a long chain of objects that own each
/// other must not overflow the stack when its head goes. The outermost destruction goes through what was put aside.
/// (CPython's own trashcan serves only types that the collector tracks.) An abandoned object is only freed.
ADDER_HIDDEN void destroy_within_limits(DyingObject dying) noexcept;

/// tp_free of classes of which only some objects are collected, for the others. That of `object` is not accepted there.
void free_uncollected(void* object) noexcept;

/// tp_dealloc of plain classes whose values need no destruction: the same for all.
inline void free_object(::PyObject* object) noexcept {
  ::PyTypeObject* type = Py_TYPE(object);
  type->tp_free(object);
  Py_DECREF(type);
}

}  // namespace adder::inline ADDER_ABI::detail

#if !ADDER_COMPILED
#include "adder/gc/detail/dying_inl.hpp"
#endif
