// SPDX-License-Identifier: MIT
/// @file
/// @brief The plain functions of in_order.hpp.
#pragma once
#include "adder/class/detail/in_order.hpp"

#include <algorithm>
#include <cstddef>

namespace adder::inline ADDER_ABI::detail {

ADDER_FUNC bool acquire_in_order(LateBorrow** borrows, std::size_t count) {
  // They are few. std::sort has code for many, and g++ 12 warns of what that would do to arrays of two.
  for (std::size_t i = 1; i < count; ++i) {
    LateBorrow* const next = borrows[i];
    std::size_t place = i;
    for (; place != 0 && next->comes_before(*borrows[place - 1]); --place) borrows[place] = borrows[place - 1];
    borrows[place] = next;
  }
  return std::all_of(borrows, borrows + count, [](LateBorrow* borrow) { return borrow->acquire(); });
}

}  // namespace adder::inline ADDER_ABI::detail
