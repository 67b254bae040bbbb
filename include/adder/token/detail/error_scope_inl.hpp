// SPDX-License-Identifier: MIT
/// @file
/// @brief The plain functions of error_scope.hpp.
#pragma once
#include "adder/token/detail/unwind.hpp"
#include "adder/token/error_scope.hpp"

namespace adder::inline ADDER_ABI {

ADDER_FUNC ErrorScope::ErrorScope(Python) noexcept {
#if PY_VERSION_HEX >= 0x030C0000
  value_ = PyErr_GetRaisedException();
#else
  PyErr_Fetch(&type_, &value_, &traceback_);
#endif
}

ADDER_FUNC ErrorScope::~ErrorScope() {
  if (PyErr_Occurred() != nullptr) detail::guard_unwind(PyErr_WriteUnraisable, nullptr);
#if PY_VERSION_HEX >= 0x030C0000
  PyErr_SetRaisedException(value_);
#else
  PyErr_Restore(type_, value_, traceback_);
#endif
}

}  // namespace adder::inline ADDER_ABI
