// SPDX-License-Identifier: MIT
/// @file
/// @brief Dropping references in functions that must not be unwound; objects that live for good.
#pragma once
#include "adder/token/detail/unwind.hpp"

namespace adder::inline ADDER_ABI::detail {

/// What ends an object whose last reference is gone, for functions that must not be unwound: the object's own
/// destructor may let go of the GIL.
ADDER_NOINLINE inline void dealloc_guarded(::PyObject* object) noexcept {
  guard_unwind_of_c([&] { _Py_Dealloc(object); });
}
/// Py_DECREF for destructors. The same instructions as CPython's, with another function for the last reference.
ADDER_INLINE void release(::PyObject* object) noexcept {
#if PY_VERSION_HEX >= 0x030E0000
  Py_DECREF(object);  // From 3.14 on threads are not unwound.
#elif defined(Py_REF_DEBUG) || defined(Py_GIL_DISABLED)
  guard_unwind_of_c([&] { Py_DECREF(object); });
#else
#if PY_VERSION_HEX >= 0x030C0000
  if (_Py_IsImmortal(object)) return;
#endif
  if (--object->ob_refcnt == 0) dealloc_guarded(object);
#endif
}
ADDER_INLINE void release_if_any(::PyObject* object) noexcept {
  if (object != nullptr) release(object);
}

/// Keeps @p fresh, a new reference or null, in an empty @p cache for good. Where another thread was first, which with a
/// GIL takes that making it let go of that, its object stays and @p fresh is dropped.
/// @return  What is kept; borrowed.
inline ::PyObject* publish_once(Atomic<::PyObject*>& cache, ::PyObject* fresh) noexcept {
  ::PyObject* kept = nullptr;
  // ORDER: acq_rel: publishes what the object holds, or acquires what the other thread's does.
  if (cache.compare_exchange(kept, fresh, Order::acq_rel)) return fresh;
  release_if_any(fresh);
  return kept;
}

/// Makes @p object immortal on free-threaded builds, so that threads do not contend on its reference count. Does
/// nothing where there is a GIL.
inline void make_immortal([[maybe_unused]] ::PyObject* object) noexcept {
#if defined(Py_GIL_DISABLED)
  // As CPython's own does, whose collector then passes it over. Atomic, as others may be counting.
  __atomic_store_n(&object->ob_tid, _Py_UNOWNED_TID, __ATOMIC_RELAXED);
  __atomic_store_n(&object->ob_ref_local, _Py_IMMORTAL_REFCNT_LOCAL, __ATOMIC_RELAXED);
  __atomic_store_n(&object->ob_ref_shared, 0, __ATOMIC_RELAXED);
#endif
}

/// publish_once() for what nobody else has seen yet, a type for example, whose references threads would count. Another
/// thread's comes first, hardly ever, and then this one is leaked without a GIL.
inline ::PyObject* publish_immortal(Atomic<::PyObject*>& cache, ::PyObject* fresh) noexcept {
  if (fresh != nullptr) make_immortal(fresh);
  return publish_once(cache, fresh);
}

}  // namespace adder::inline ADDER_ABI::detail
