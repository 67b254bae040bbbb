// SPDX-License-Identifier: MIT
/// @file
/// @brief The three handles: `Bound<T>`, `Borrowed<T>`, `Py<T>`.
#pragma once
#include "adder/handle/borrowed.hpp"
#include "adder/handle/bound.hpp"
#include "adder/handle/py.hpp"
