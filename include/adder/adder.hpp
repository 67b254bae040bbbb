// SPDX-License-Identifier: MIT
/// @file
/// @brief The core of adder: everything but the `stl/` conversions, which are included one by one.
#pragma once
#include "adder/call/call.hpp"
#include "adder/class/cell.hpp"
#include "adder/class/pyclass.hpp"
#include "adder/exception/exception_types.hpp"
#include "adder/exception/exceptions.hpp"
#include "adder/exception/with.hpp"
#include "adder/function/function.hpp"
#include "adder/handle/handle.hpp"
#include "adder/module/eval.hpp"
#include "adder/module/module.hpp"
#include "adder/object/raw.hpp"
#include "adder/sync/gil_once_cell.hpp"
#include "adder/token/gil.hpp"
#include "adder/types/backed.hpp"
#include "adder/types/types.hpp"
