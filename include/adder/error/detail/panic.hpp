// SPDX-License-Identifier: MIT
/// @file
/// @brief The Python class of what C++ throws and nobody can make sense of. Its tag is in exception_types.hpp.
#pragma once
#include "adder/error/err.hpp"

namespace adder::inline ADDER_ABI::detail {

ADDER_HIDDEN inline constinit Atomic<::PyObject*> panic_class{nullptr};

/// The same, kept for good: borrowed. Null, with nothing new pending, where it cannot be had.
ADDER_COLD_CALL ::PyObject* panic_type() noexcept;
/// What is raised in any case.
ADDER_COLD_CALL ::PyObject* panic_or_system_error() noexcept;

}  // namespace adder::inline ADDER_ABI::detail

#if !ADDER_COMPILED
#include "adder/error/detail/panic_inl.hpp"
#endif
