// SPDX-License-Identifier: MIT
/// @file
/// @brief The plain functions of variant.hpp.
#pragma once
#include "adder/stl/variant.hpp"

namespace adder::inline ADDER_ABI {

ADDER_FUNC PyResult<std::monostate> FromPyObject<std::monostate>::extract(const Bound<PyAny>& object) {
  if (object.as_ptr() != Py_None) return PyErr::Access::mismatch(expected(), object.as_ptr());
  return std::monostate();
}

}  // namespace adder::inline ADDER_ABI
