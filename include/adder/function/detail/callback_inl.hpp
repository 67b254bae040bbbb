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

}  // namespace adder::inline ADDER_ABI::detail
