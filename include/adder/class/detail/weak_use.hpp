// SPDX-License-Identifier: MIT
/// @file
/// @brief References to objects that tables remember without owning them.
#pragma once
#include "adder/base/detail/newer_python.hpp"  // IWYU pragma: export (from 3.14 on, these are there)

#include <cstdint>

namespace adder::inline ADDER_ABI::detail {

#if defined(Py_GIL_DISABLED) && PY_VERSION_HEX < 0x030E0000
/// Lets other threads than the one that made an object take references to it, should it be alive.
inline void allow_weak_use(::PyObject* object) noexcept {
  Py_ssize_t shared = __atomic_load_n(&object->ob_ref_shared, __ATOMIC_RELAXED);
  while ((shared & _Py_REF_SHARED_FLAG_MASK) == 0 &&
         !__atomic_compare_exchange_n(&object->ob_ref_shared, &shared, shared | _Py_REF_MAYBE_WEAKREF, false,
                                      __ATOMIC_RELAXED, __ATOMIC_RELAXED)) {
  }
}
/// Whether the collector has taken an object for garbage, and with it all that is reached from it alone: then it is not
/// to be found any more. CPython's mark, _PyGC_BITS_UNREACHABLE, stands from when all threads were stopped until the
/// object's own turn.
inline bool is_garbage(::PyObject* object) noexcept {
  constexpr unsigned char unreachable = 4;
  return (__atomic_load_n(&object->ob_gc_bits, __ATOMIC_RELAXED) & unreachable) != 0;
}
/// A new reference to an object that may be dying. @return False where it is.
inline bool take_if_alive(::PyObject* object) noexcept {
  if (is_garbage(object)) return false;
  const std::uint32_t local = __atomic_load_n(&object->ob_ref_local, __ATOMIC_RELAXED);
  if (local + 1 == 0) return true;  // Immortal.
  if (__atomic_load_n(&object->ob_tid, __ATOMIC_RELAXED) == _Py_ThreadId()) {
    __atomic_store_n(&object->ob_ref_local, local + 1, __ATOMIC_RELAXED);
    return true;
  }
  Py_ssize_t shared = __atomic_load_n(&object->ob_ref_shared, __ATOMIC_RELAXED);
  do {
    if (shared == 0 || shared == _Py_REF_MERGED) return false;
  } while (!__atomic_compare_exchange_n(&object->ob_ref_shared, &shared, shared + (1 << _Py_REF_SHARED_SHIFT), false,
                                        __ATOMIC_ACQ_REL, __ATOMIC_ACQUIRE));
  return true;
}
#elif !defined(Py_GIL_DISABLED)
inline void allow_weak_use(::PyObject*) noexcept {}
inline bool take_if_alive(::PyObject* object) noexcept {
  if (Py_REFCNT(object) <= 0) [[unlikely]]
    return false;
  Py_INCREF(object);
  return true;
}
#endif

}  // namespace adder::inline ADDER_ABI::detail
