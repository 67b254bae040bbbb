// SPDX-License-Identifier: MIT
/// @file
/// @brief Calls from Python of methods that Python classes override: who calls the one of C++ means that, as by
/// `super()`.
#pragma once
#include "adder/class/detail/layout.hpp"
#include "adder/class/detail/lent_borrow.hpp"
#include "adder/class/detail/under_way.hpp"
#include "adder/function/detail/record.hpp"

#include <cstring>
#include <type_traits>

namespace adder::inline ADDER_ABI::detail {

/// A call, of an instance of a Python subclass, of a method that C++ has bound. Where that calls a virtual function of
/// its name, the C++ function is meant: see overridable.hpp.
class DirectCall : public UnderWay<DirectCall> {
 public:
  /// @param flag  Of the object, which is borrowed; null where it has none.
  DirectCall(const void* value, const char* name, const BorrowFlag* flag) noexcept
      : UnderWay(this), value_(value), name_(name), held_(flag) {}
  bool is_of(const void* value, const char* name) const noexcept {
    return value_ == value && !is_in_function && name_ != nullptr && std::strcmp(name_, name) == 0;
  }
  /// Whether the C++ function has been called, and has not returned yet: what it calls is another matter.
  bool is_in_function = false;

 private:
  const void* value_;
  const char* name_;
  HeldHere held_;
};

/// Whether methods of a class may be of functions that ask Python.
template <class T>
constexpr bool may_be_overridden() {
  if constexpr (has_holder<T>) {
    return std::is_polymorphic_v<T> && is_subclassable<T>();
  } else {
    return false;
  }
}
/// A DirectCall, where there is one.
template <class T, bool = may_be_overridden<T>()>
class DirectCallScope {
 public:
  ADDER_INLINE DirectCallScope(::PyObject*, const FunctionRecord&) noexcept {}
};
template <class T>
class DirectCallScope<T, true> {
 public:
  ADDER_INLINE DirectCallScope(::PyObject* self, const FunctionRecord& record) noexcept {
    const auto& slot = Layout<T>::slot(self);
    if (slot.subclass_of == nullptr) [[likely]]
      return;
    const BorrowFlag* flag = nullptr;
    if constexpr (!is_frozen<T>()) flag = &Layout<T>::state(self).flag;
    call_.begin(static_cast<const void*>(slot.place), record.def.ml_name, flag);
  }
  DirectCallScope(const DirectCallScope&) = delete;
  DirectCallScope& operator=(const DirectCallScope&) = delete;

 private:
  OwnUnderWay<DirectCall> call_;
};

}  // namespace adder::inline ADDER_ABI::detail
