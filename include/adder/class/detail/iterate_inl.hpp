// SPDX-License-Identifier: MIT
/// @file
/// @brief The plain functions of iterate.hpp.
#pragma once
#include "adder/class/iterate.hpp"
#include "adder/token/error_scope.hpp"

#include <optional>
#include <utility>

namespace adder::inline ADDER_ABI {

namespace detail {

/// After a step that gave no item. @return What has to be dropped where that harms nobody.
ADDER_NOINLINE ADDER_FUNC std::optional<Py<PyAny>> RangeIterator::after_last() noexcept {
  // After an exception no more is known of the places in a range; the next index is as good as it was.
  if (PyErr_Occurred() != nullptr && (!keeps_state() || std::exchange(stays_, false))) return std::nullopt;
  const ErrorScope pending(token());
  return end();
}

ADDER_FUNC ::PyObject* RangeIterator::next(::PyObject* self) noexcept {
  return Layout<RangeIterator>::value(self).next_(self);
}

ADDER_NOINLINE ADDER_FUNC ::PyObject* RangeIterator::next_by_step(::PyObject* self) noexcept {
  // Not only the caller's: `itertools.islice` drops its iterator when a call inside of this one raises.
  const KeptAlive alive(self);
  RangeIterator& iterator = Layout<RangeIterator>::value(self);
  std::optional<Py<PyAny>> owner;  // Dropped last, after the borrow: that may run Python code.
  {
    ScopedBorrow<Layout<RangeIterator>::State, Access::exclusive> borrow(Layout<RangeIterator>::state(self));
    if (!borrow.acquire(PyClass<RangeIterator>::name)) return nullptr;
    if (iterator.step_ == nullptr) return nullptr;
    try {
      ::PyObject* item = iterator.step_(iterator);
      if (item != nullptr) [[likely]]
        return item;
    } catch (...) {
      translate_current_exception();
    }
    owner = iterator.after_last();
  }
  const ErrorScope pending(token());
  owner.reset();
  return nullptr;
}

}  // namespace detail

ADDER_FUNC void PyClass<detail::RangeIterator>::define(ClassBuilder<detail::RangeIterator>& cls) {
  cls.slot(Py_tp_iter, reinterpret_cast<void*>(&PyObject_SelfIter));
#if defined(Py_GIL_DISABLED)  // The short way is for one thread at a time, also to ask whether there is one.
  cls.slot(Py_tp_iternext, reinterpret_cast<void*>(&detail::RangeIterator::next_by_step));
#else
  cls.slot(Py_tp_iternext, reinterpret_cast<void*>(&detail::RangeIterator::next));
#endif
  cls.def<&detail::RangeIterator::left>("__length_hint__");
}

}  // namespace adder::inline ADDER_ABI
