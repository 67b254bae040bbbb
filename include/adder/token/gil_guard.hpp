// SPDX-License-Identifier: MIT
/// @file
/// @brief GILGuard: attaches a thread for the length of a scope. Not part of adder.hpp; `Python::attach` is the usual
/// way, as nothing can leave its function.
#pragma once
#include "adder/token/gil.hpp"

#include <cstddef>

namespace adder::inline ADDER_ABI {

/// @brief Keeps this thread attached while it lives. Made by `Python::acquire_gil()`.
///
/// Guards nest, and must be dropped in the reverse order of their creation on the thread that made them; anything else
/// ends the process with a message. They can be neither copied nor moved nor put on the heap.
/// @pyo3{GILGuard, until 0.18}
class [[nodiscard]] GILGuard {
 public:
  GILGuard(const GILGuard&) = delete;
  GILGuard& operator=(const GILGuard&) = delete;
  static void* operator new(std::size_t) = delete;    // A guard is a scope.
  static void* operator new[](std::size_t) = delete;  // The same.

  /// @brief The token that this guard vouches for. Not for use beyond the guard.
  Python python() const noexcept { return detail::token(); }

 private:
  friend class Python;
  GILGuard();
  detail::AttachScope scope_;
};

inline GILGuard::GILGuard() : scope_(detail::AttachScope::IfNone::start, detail::AttachScope::Nesting::strict) {
  if (!scope_.attached()) detail::throw_unavailable();
}

inline GILGuard Python::acquire_gil() { return GILGuard(); }

}  // namespace adder::inline ADDER_ABI
