// SPDX-License-Identifier: MIT
/// @file
/// @brief The plain functions of borrow.hpp.
#pragma once
#include "adder/class/detail/borrow.hpp"

#include <string>
#include <string_view>

namespace adder::inline ADDER_ABI {

namespace detail {

ADDER_COLD ADDER_FUNC PyErr borrow_error(std::string_view class_name, Access wanted, Held held) {
  std::string text;
  if (held == Held::given_away) {
    text.append("'").append(class_name).append("' object was given to C++, which owns its value now");
    return PyErr::Access::lazy(PyExc_RuntimeError, text);
  }
  if (held == Held::unbuilt) {
    text.append("'").append(class_name).append("' object has no C++ value: it was made without the class's __new__");
    return PyErr::Access::lazy(PyExc_RuntimeError, text);
  }
  if (held == Held::unsendable) {
    text.append("'").append(class_name).append("' object is unsendable: only the thread that made it may use it");
    return PyErr::Access::lazy(PyExc_RuntimeError, text);
  }
  if (held == Held::cleared) {
    text.append("'").append(class_name).append("' object was taken apart by the garbage collector");
    return PyErr::Access::lazy(PyExc_RuntimeError, text);
  }
  const bool shared = wanted == Access::shared;
  const bool is_shared = held == Held::shared_here || held == Held::shared_elsewhere || held == Held::shared_by_several;
  if (shared && is_shared) {
    text.append("Too many borrows: '").append(class_name).append("' object: no more can share it");
    return PyErr::Access::lazy(PyExc_RuntimeError, text);
  }
  text.append(shared ? "Already mutably borrowed: '" : "Already borrowed: '").append(class_name);
  text.append(shared ? "' object: cannot share what " : "' object: cannot hold exclusively what ");
  const auto by = [&](const char* holder) { return PyErr::Access::lazy(PyExc_RuntimeError, text.append(holder)); };
  switch (held) {
    case Held::shared_here:
      return by("this thread shares");
    case Held::shared_elsewhere:
      return by("another thread shares");
    case Held::shared_by_several:
      return by("several threads share");
    case Held::exclusive_here:
      return by("this thread holds exclusively");
    default:
      return by("another thread holds exclusively");
  }
}

// Here and not in part_link_inl.hpp, which only classes with parts include: every guard may end the borrow of a part.
ADDER_FUNC void PartBorrow::release() noexcept {
  value_ = nullptr;
  if (exclusive_ && watched_) {
    flag_.end_exclude_watched();
  } else {
    flag_.end(exclusive_ ? Access::exclusive : Access::shared);
  }
  ::PyObject* root = root_;
  guard_unwind([&] { Py_DECREF(root); });
}

ADDER_FUNC void PartBorrow::share_only() noexcept {
  if (flag_.flag == nullptr || !exclusive_) return;
  exclusive_ = false;
  flag_.flag->share_only();
  if (watched_) flag_.flag->watch();
}

#if ADDER_COMPILED
template bool borrow_or_refuse<Access::shared>(BorrowState<false, false, false>&, const char*) noexcept;
template bool borrow_or_refuse<Access::exclusive>(BorrowState<false, false, false>&, const char*) noexcept;
#endif

}  // namespace detail

}  // namespace adder::inline ADDER_ABI
