// SPDX-License-Identifier: MIT
/// @file
/// @brief The plain functions of result.hpp.
#pragma once
#include "adder/error/result.hpp"

namespace adder::inline ADDER_ABI {

ADDER_FUNC PyResult<void> Python::check_signals() const {
  detail::check_token("Python::check_signals");
  if (detail::guard_unwind(PyErr_CheckSignals) != 0) return PyErr::fetch(*this);
  return {};
}

}  // namespace adder::inline ADDER_ABI
