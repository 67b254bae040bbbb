// SPDX-License-Identifier: MIT
/// @file
/// @brief Conversion of `std::string_view`, which adder.hpp has already: see convert/text.hpp.
#pragma once
#include "adder/convert/basic.hpp"
