// SPDX-License-Identifier: MIT
/// @file
/// @brief The plain functions of callable.hpp.
#pragma once
#include "adder/function/detail/callable.hpp"

namespace adder::inline ADDER_ABI::detail {

ADDER_COLD ADDER_FUNC const FunctionRecord& record_in(::PyObject* capsule, const FunctionRecord& first) noexcept {
  if (void* record = PyCapsule_GetPointer(capsule, "adder.FunctionRecord")) {
    return *static_cast<const FunctionRecord*>(record);
  }
  PyErr_Clear();
  return first;
}

}  // namespace adder::inline ADDER_ABI::detail
