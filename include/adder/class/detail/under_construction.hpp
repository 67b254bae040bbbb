// SPDX-License-Identifier: MIT
/// @file
/// @brief What this thread is making: a module, classes.
#pragma once
#include "adder/base/python.hpp"

namespace adder::inline ADDER_ABI::detail {

/// The module whose body runs in this thread: the one that a class belongs to whose type is made meanwhile.
ADDER_HIDDEN inline constinit thread_local ::PyObject* module_under_construction = nullptr;

struct ClassBeingMade;  // class_claim.hpp
ADDER_HIDDEN inline constinit thread_local ClassBeingMade* innermost_class_being_made = nullptr;

}  // namespace adder::inline ADDER_ABI::detail
