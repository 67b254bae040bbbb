// SPDX-License-Identifier: MIT
/// @file
/// @brief The plain functions of attachment.hpp.
#pragma once
#include "adder/token/detail/attachment.hpp"

#include <cstddef>
#include <cstdio>

namespace adder::inline ADDER_ABI::detail {

#if ADDER_CHECKED

ADDER_FUNC const char* attachment_problem() noexcept {
  const PyThreadState* state = current_state();
  const PyInterpreterState* home = home_interpreter.load(Order::relaxed);
  if (state == nullptr) return "this thread is not attached to Python";
  if (home == nullptr || may_use(state)) return nullptr;
  return state->interp == home ? "the garbage collector is traversing objects: Python cannot be used meanwhile"
                               : "this thread is attached to another interpreter";
}

ADDER_COLD ADDER_FUNC void refuse_token(const char* use, const char* problem, Location where) noexcept {
  char text[256];
  const int size = std::snprintf(text, sizeof text, "%s: %s", use, problem);
  fatal({text, size < 0 ? 0 : static_cast<std::size_t>(size)}, where);
}
#endif

}  // namespace adder::inline ADDER_ABI::detail
