// SPDX-License-Identifier: MIT
/// @file
/// @brief What code that shows handles to the garbage collector throws: kept while Python cannot be used, reported
/// after.
#pragma once
#include "adder/exception/translate.hpp"

#include <exception>

namespace adder::inline ADDER_ABI::detail {

/// What code that shows handles to the collector has thrown.
struct TraverseFailure {
  std::exception_ptr error;
  const char* class_name;  // Null for a Traverse of what is no pyclass.
  TraverseFailure* next;
};
ADDER_HIDDEN inline constinit Atomic<TraverseFailure*> traverse_failures{nullptr};
ADDER_HIDDEN inline constinit Atomic<bool> traverse_failures_are_due{false};

/// For the handler of an exception that must not get to the collector. Python cannot be used now: it is told later.
ADDER_COLD_CALL void remember_traverse_failure(const char* class_name) noexcept;

}  // namespace adder::inline ADDER_ABI::detail

#if !ADDER_COMPILED
#include "adder/gc/detail/traverse_failure_inl.hpp"
#endif
