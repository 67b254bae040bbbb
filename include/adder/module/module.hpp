// SPDX-License-Identifier: MIT
/// @file
/// @brief `ADDER_MODULE(name, m) { ... }`: the entry point of an extension module.
#pragma once
#include "adder/module/module_builder.hpp"  // IWYU pragma: export (what the macro expands to)

#include "adder/module/macros.hpp"  // IWYU pragma: export (the macro), behind Python.h
