// SPDX-License-Identifier: MIT
/// @file
/// @brief Conversion of `std::pair`: see tuple.hpp.
#pragma once
#include "adder/stl/tuple.hpp"
