// SPDX-License-Identifier: MIT
/// @file
/// @brief The plain functions of callback.hpp.
#pragma once
#include "adder/function/detail/callback.hpp"

#include "adder/token/error_scope.hpp"

#include <string>
#include <utility>

namespace adder::inline ADDER_ABI::detail {

ADDER_COLD ADDER_FUNC PyErr at_result(PyErr error, ::PyObject* callable) {
  if (PyErr::Access::empty(error) || is_recursion_error(error)) return error;
  const ErrorScope pending(token());
  ::PyObject* attribute = Interned<"__qualname__">::get(token());
  const OwnedPtr name(Steal(), guard_unwind(PyObject_GetAttr, callable, attribute), {});
  const char* text = nullptr;
  if (name.as_ptr() != nullptr && PyUnicode_Check(name.as_ptr())) text = PyUnicode_AsUTF8(name.as_ptr());
  if (text == nullptr) PyErr_Clear();
  std::string step("result of ");
  step.append(text == nullptr ? type_name_of(callable) : text);
  return at_step(std::move(error), std::move(step));
}

ADDER_FUNC SharedCallable::SharedCallable(const SharedCallable& other) : callable_(steal(nullptr)) {
  Owners* shared = other.owners_.load(Order::acquire);
  if (shared == nullptr) {
    auto* made = new Owners{1};  // The other one is an owner already.
    if (other.owners_.compare_exchange(shared, made, Order::acq_rel)) {
      shared = made;
    } else {
      delete made;  // Another thread was faster.
    }
  }
  // ORDER: relaxed: who copies an owner keeps it, and with it the counter.
  shared->count.fetch_add(1, Order::relaxed);
  owners_.store(shared, Order::relaxed);
  callable_ = steal(other.callable_.as_ptr());
}

ADDER_FUNC bool SharedCallable::is_sole_owner() const noexcept {
  const Owners* shared = owners_.load(Order::acquire);
  return shared == nullptr || shared->count.load(Order::acquire) == 1;
}

ADDER_FUNC void SharedCallable::leave() noexcept {
  Owners* shared = owners_.load(Order::acquire);
  // ORDER: the last one sees what the others did, and they do nothing after it.
  if (shared->count.fetch_sub(1, Order::acq_rel) == 1) {
    delete shared;
  } else {
    (void)std::move(callable_).into_ptr();
  }
}

}  // namespace adder::inline ADDER_ABI::detail
