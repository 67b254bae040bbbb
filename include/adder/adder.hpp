// SPDX-License-Identifier: MIT
/// @file
/// @brief The core of adder: everything but the `stl/` conversions, which are included one by one.
#pragma once
#include "adder/call.hpp"
#include "adder/cell.hpp"
#include "adder/eval.hpp"
#include "adder/exception_types.hpp"
#include "adder/exceptions.hpp"
#include "adder/function.hpp"
#include "adder/gil.hpp"
#include "adder/handle.hpp"
#include "adder/module.hpp"
#include "adder/pyclass.hpp"
#include "adder/raw.hpp"
#include "adder/sync/gil_once_cell.hpp"
#include "adder/types.hpp"
#include "adder/with.hpp"
