// SPDX-License-Identifier: MIT
/// @file
/// @brief The plain functions of borrow.hpp.
#pragma once
#include "adder/base/detail/text_builder.hpp"
#include "adder/class/detail/borrow.hpp"

#include <string_view>

namespace adder::inline ADDER_ABI {

namespace detail {

ADDER_COLD ADDER_FUNC PyErr borrow_error(std::string_view class_name, Access wanted, Held held) {
  const auto error = [&](const char* before, const char* after, const char* holder = "") {
    return PyErr::Access::lazy(PyExc_RuntimeError, TextBuilder({before, class_name, after, holder}).view());
  };
  switch (held) {
    case Held::given_away:
      return error("'", "' object was given to C++, which owns its value now");
    case Held::unbuilt:
      return error("'", "' object has no C++ value: it was made without the class's __new__");
    case Held::unsendable:
      return error("'", "' object is unsendable: only the thread that made it may use it");
    case Held::cleared:
      return error("'", "' object was taken apart by the garbage collector");
    default:
      break;
  }
  const bool shared = wanted == Access::shared;
  const bool is_shared = held == Held::shared_here || held == Held::shared_elsewhere || held == Held::shared_by_several;
  if (shared && is_shared) return error("Too many borrows: '", "' object: no more can share it");
  const auto by = [&](const char* holder) {
    return shared ? error("Already mutably borrowed: '", "' object: cannot share what ", holder)
                  : error("Already borrowed: '", "' object: cannot hold exclusively what ", holder);
  };
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
