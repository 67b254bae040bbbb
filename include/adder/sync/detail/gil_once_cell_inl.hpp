// SPDX-License-Identifier: MIT
/// @file
/// @brief The plain functions of gil_once_cell.hpp.
#pragma once
#include "adder/sync/gil_once_cell.hpp"

namespace adder::inline ADDER_ABI {

namespace detail {

#if ADDER_CHECKED

ADDER_FUNC FillingScope::FillingScope(const void* cell) : entry_{cell, innermost_filling} {
  for (const CellBeingFilled* entry = innermost_filling; entry != nullptr; entry = entry->outer) {
    if (entry->cell == cell) {
      throw PyRuntimeError::new_err("the initialiser of a GILOnceCell has asked the same cell for its value");
    }
  }
  innermost_filling = &entry_;
}
#endif

}  // namespace detail

}  // namespace adder::inline ADDER_ABI
