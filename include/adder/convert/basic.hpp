// SPDX-License-Identifier: MIT
/// @file
/// @brief The conversions that everybody gets: handles, numbers, characters, text.
#pragma once
#include "adder/convert/chars.hpp"
#include "adder/convert/handles.hpp"
#include "adder/convert/scalars.hpp"
#include "adder/convert/text.hpp"
