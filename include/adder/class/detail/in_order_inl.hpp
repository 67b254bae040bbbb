// SPDX-License-Identifier: MIT
/// @file
/// @brief The plain functions of in_order.hpp.
#pragma once
#include "adder/class/detail/in_order.hpp"

#include <algorithm>
#include <cstddef>

namespace adder::inline ADDER_ABI::detail {

ADDER_FUNC bool acquire_in_order(LateBorrow** borrows, std::size_t count) {
  std::sort(borrows, borrows + count, [](const LateBorrow* a, const LateBorrow* b) { return a->comes_before(*b); });
  return std::all_of(borrows, borrows + count, [](LateBorrow* borrow) { return borrow->acquire(); });
}

}  // namespace adder::inline ADDER_ABI::detail
