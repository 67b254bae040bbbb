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
ADDER_HIDDEN void destroy_within_limits(DyingObject dying) noexcept;

/// tp_dealloc of plain classes whose values need no destruction: the same for all.
void free_object(::PyObject* object) noexcept;

}  // namespace adder::inline ADDER_ABI::detail

#if !ADDER_COMPILED
#include "adder/gc/detail/dying_inl.hpp"
#endif
