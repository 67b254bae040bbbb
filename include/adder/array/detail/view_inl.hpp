// SPDX-License-Identifier: MIT
/// @file
/// @brief The plain functions of view.hpp.
#pragma once
#include "adder/array/view.hpp"

#include <cstddef>
#include <stdexcept>
#include <string>

namespace adder::inline ADDER_ABI::detail {

ADDER_COLD ADDER_FUNC void index_out_of_range(std::size_t index, std::size_t extent, int dim) {
  throw std::out_of_range("index " + std::to_string(static_cast<std::ptrdiff_t>(index)) +
                          " is out of bounds for axis " + std::to_string(dim) + " with size " + std::to_string(extent));
}

ADDER_COLD ADDER_FUNC void wrong_index_count(std::size_t given, std::size_t dims) {
  throw std::out_of_range("an array of " + std::to_string(dims) + " dimensions is given " + std::to_string(given) +
                          (given == 1 ? " index" : " indices"));
}

ADDER_COLD ADDER_FUNC void no_items() {
  throw std::out_of_range("an array that was moved from, or never assigned to, has no items");
}

}  // namespace adder::inline ADDER_ABI::detail
