// SPDX-License-Identifier: MIT
/// @file
/// @brief `ErrorScope`: Python can be called although an exception is pending.
#pragma once
#include "adder/token/token.hpp"

namespace adder::inline ADDER_ABI {

/// @brief Sets the pending exception aside and puts it back at the end of the scope.
///
/// For code that calls Python on the way out of a failing operation. What the scope itself leaves pending goes to
/// `sys.unraisablehook`.
/// @gil  Held.
class ErrorScope {
 public:
  /// @brief Sets aside what is pending; there may be nothing.
  explicit ErrorScope(Python) noexcept;
  ~ErrorScope();
  ErrorScope(const ErrorScope&) = delete;
  ErrorScope& operator=(const ErrorScope&) = delete;

 private:
#if PY_VERSION_HEX < 0x030C0000
  ::PyObject* type_ = nullptr;
  ::PyObject* traceback_ = nullptr;
#endif
  ::PyObject* value_ = nullptr;
};

}  // namespace adder::inline ADDER_ABI

#if !ADDER_COMPILED
#include "adder/token/detail/error_scope_inl.hpp"
#endif
