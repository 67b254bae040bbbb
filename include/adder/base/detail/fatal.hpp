// SPDX-License-Identifier: MIT
/// @file
/// @brief fatal(): the end of the process with one line that says which promise was broken.
#pragma once
#include "adder/base/detail/meta.hpp"

#include <string_view>

namespace adder::inline ADDER_ABI::detail {

/// Ends the process with one line that names the broken promise and, where known, the user's place.
[[noreturn]] ADDER_COLD_CALL void fatal(std::string_view promise, Location where) noexcept;

}  // namespace adder::inline ADDER_ABI::detail

#if !ADDER_COMPILED
#include "adder/base/detail/fatal_inl.hpp"
#endif
