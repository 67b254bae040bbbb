// SPDX-License-Identifier: MIT
/// @file
/// @brief Critical sections on Python objects. Not part of adder.hpp.
#pragma once
#include "adder/object/any.hpp"

#include <utility>

namespace adder::inline ADDER_ABI {

namespace detail {
#if defined(Py_GIL_DISABLED) && PY_VERSION_HEX >= 0x030D0000
// Keeps the objects alive: the handles that it is made from may be assigned to meanwhile. To begin is to wait,
// detached, and to end an inner section is to wait for what it had let go of.
class CriticalSection {
 public:
  explicit CriticalSection(::PyObject* object) noexcept : object_(Py_NewRef(object)) {
    guard_unwind_of_c([this] { PyCriticalSection_Begin(&section_, object_); });
  }
  ~CriticalSection() {
    guard_unwind_of_c([this] { PyCriticalSection_End(&section_); });
    release(object_);
  }
  CriticalSection(const CriticalSection&) = delete;
  CriticalSection& operator=(const CriticalSection&) = delete;

 private:
  ::PyObject* object_;
  ::PyCriticalSection section_;
};
class CriticalSection2 {
 public:
  CriticalSection2(::PyObject* a, ::PyObject* b) noexcept : a_(Py_NewRef(a)), b_(Py_NewRef(b)) {
    guard_unwind_of_c([this] { PyCriticalSection2_Begin(&section_, a_, b_); });
  }
  ~CriticalSection2() {
    guard_unwind_of_c([this] { PyCriticalSection2_End(&section_); });
    release(a_);
    release(b_);
  }
  CriticalSection2(const CriticalSection2&) = delete;
  CriticalSection2& operator=(const CriticalSection2&) = delete;

 private:
  ::PyObject *a_, *b_;
  ::PyCriticalSection2 section_;
};
#else
// The GIL is a critical section around everything.
struct CriticalSection {
  explicit CriticalSection(::PyObject*) noexcept {}
};
struct CriticalSection2 {
  CriticalSection2(::PyObject*, ::PyObject*) noexcept {}
};
#endif
}  // namespace detail

/// @brief Calls @p f while no other thread is in a critical section on @p object, as far as @p f does not wait: Python
/// lets go of the section where it blocks, as it does of the GIL. Nothing but the call on builds with a GIL.
///
/// For C++ data that belong to the object. Python's own lists, dicts and sets have a critical section in each
/// operation, and up to 3.13 CPython lets go of the outer one for it, even on the same object.
/// @pyo3{with_critical_section}
template <class T, class F>
decltype(auto) with_critical_section(const Bound<T>& object, F&& f) {
  [[maybe_unused]] const detail::CriticalSection section(
      detail::HandleAccess::use(object, "with_critical_section", detail::Location{}));
  return std::forward<F>(f)();
}
/// @brief The same on two objects at once, in whatever order they are given.
/// @pyo3{with_critical_section2}
template <class A, class B, class F>
decltype(auto) with_critical_section2(const Bound<A>& a, const Bound<B>& b, F&& f) {
  [[maybe_unused]] const detail::CriticalSection2 section(
      detail::HandleAccess::use(a, "with_critical_section2", detail::Location{}),
      detail::HandleAccess::use(b, "with_critical_section2", detail::Location{}));
  return std::forward<F>(f)();
}

}  // namespace adder::inline ADDER_ABI
