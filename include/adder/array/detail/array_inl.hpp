// SPDX-License-Identifier: MIT
/// @file
/// @brief The plain functions of array.hpp.
#pragma once
#include "adder/array/array.hpp"

namespace adder::inline ADDER_ABI::detail {

ADDER_COLD ADDER_FUNC void set_array_error(HeldMemory& held, ::PyObject* object, const ArrayRequest& request,
                                           Taken taken, const FunctionRecord& record, unsigned index) noexcept {
  try {
    set_argument_error(record, index, array_error(held, object, request, taken));
  } catch (...) {
    set_thrown_error(record, index);
  }
}

}  // namespace adder::inline ADDER_ABI::detail
