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

ADDER_FUNC ::PyObject* RangeIterator::next(::PyObject* self) noexcept {
  std::optional<Py<PyAny>> owner;  // Dropped last: that may run Python code.
  ScopedBorrow<Layout<RangeIterator>::State, Access::exclusive> borrow(Layout<RangeIterator>::state(self));
  if (!borrow.acquire(PyClass<RangeIterator>::name)) return nullptr;
  RangeIterator& iterator = Layout<RangeIterator>::value(self);
  if (iterator.step_ == nullptr) return nullptr;
  ::PyObject* item = nullptr;
  try {
    item = iterator.step_(iterator);
  } catch (...) {
    translate_current_exception();
  }
  if (item != nullptr) [[likely]]
    return item;
  // After an exception no more is known of the places in a range; the next index is as good as it was.
  if (PyErr_Occurred() == nullptr || (iterator.keeps_state() && !std::exchange(iterator.stays_, false))) {
    const ErrorScope pending(token());
    owner = iterator.end();
  }
  return nullptr;
}

}  // namespace detail

ADDER_FUNC void PyClass<detail::RangeIterator>::define(ClassBuilder<detail::RangeIterator>& cls) {
  cls.slot(Py_tp_iter, reinterpret_cast<void*>(&PyObject_SelfIter));
  cls.slot(Py_tp_iternext, reinterpret_cast<void*>(&detail::RangeIterator::next));
  cls.def<&detail::RangeIterator::left>("__length_hint__");
}

}  // namespace adder::inline ADDER_ABI
