// SPDX-License-Identifier: MIT
/// @file
/// @brief All native types.
#pragma once
#include "adder/types/any.hpp"
#include "adder/types/dict.hpp"
#include "adder/types/iterator.hpp"
#include "adder/types/list.hpp"
#include "adder/types/module.hpp"
#include "adder/types/numbers.hpp"
#include "adder/types/string.hpp"
#include "adder/types/tuple.hpp"
#include "adder/types/type.hpp"
