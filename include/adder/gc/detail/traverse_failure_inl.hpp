// SPDX-License-Identifier: MIT
/// @file
/// @brief The plain functions of traverse_failure.hpp.
#pragma once
#include "adder/gc/detail/traverse_failure.hpp"

#include <exception>
#include <new>
#include <utility>

namespace adder::inline ADDER_ABI {

namespace detail {

/// Called by the interpreter's main thread, between two instructions.
ADDER_COLD ADDER_FUNC int report_traverse_failures(void*) noexcept {
  traverse_failures_are_due.store(false, Order::seq_cst);
  const ErrorScope pending(token());
  const char* reported = "";  // The collector goes through the objects several times.
  TraverseFailure* failure = traverse_failures.exchange(nullptr, Order::acquire);
  while (failure != nullptr) {
    if (failure->class_name != reported) {
      reported = failure->class_name;  // NOLINT(clang-analyzer-deadcode.DeadStores): used below, after the throw
      try {
        std::rethrow_exception(std::move(failure->error));
      } catch (...) {
        translate_current_exception();
      }
      ::PyObject* raised = take_raised();
      ::PyObject* context = reported == nullptr ? PyUnicode_FromString("adder::Traverse::visit")
                                                : PyUnicode_FromFormat("PyClass::traverse of '%s'", reported);
      if (context == nullptr) PyErr_Clear();
      set_raised(raised);
      guard_unwind(PyErr_WriteUnraisable, context);
      Py_XDECREF(context);
    }
    delete exchange(failure, failure->next);
  }
  return 0;
}

ADDER_COLD ADDER_FUNC void remember_traverse_failure(const char* class_name) noexcept {
  auto* failure = new (std::nothrow) TraverseFailure{std::current_exception(), class_name, nullptr};
  if (failure == nullptr) {
    // Leaked: what the exception holds may not be released now, either.
    alignas(std::exception_ptr) unsigned char never_destroyed[sizeof(std::exception_ptr)];
    ::new (static_cast<void*>(never_destroyed)) std::exception_ptr(std::current_exception());
    return;
  }
  failure->next = traverse_failures.load(Order::relaxed);
  while (!traverse_failures.compare_exchange(failure->next, failure, Order::release)) {
  }
  if (traverse_failures_are_due.exchange(true, Order::seq_cst)) return;
  // Where there is no room for it the next failure tries again.
  if (Py_AddPendingCall(&report_traverse_failures, nullptr) != 0) {
    traverse_failures_are_due.store(false, Order::seq_cst);
  }
}

}  // namespace detail

}  // namespace adder::inline ADDER_ABI
