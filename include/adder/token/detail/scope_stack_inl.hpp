// SPDX-License-Identifier: MIT
/// @file
/// @brief The plain functions of scope_stack.hpp.
#pragma once
#include "adder/token/detail/scope_stack.hpp"

namespace adder::inline ADDER_ABI::detail {

#if PY_VERSION_HEX < 0x030C0000
ADDER_COLD ADDER_FUNC bool is_another_of_this_thread(const PyThreadState* current) noexcept {
  const GilScope* const innermost = thread_scopes.innermost;
  if (innermost != nullptr && innermost->state == current) return true;
  // Or one that the program has made for a sub-interpreter. Its owner may be another thread, which may end just now: so
  // it is looked at only where there are sub-interpreters.
  const bool is_alone = PyInterpreterState_Head() == PyInterpreterState_Main();
  return !is_alone && current->thread_id == PyThread_get_thread_ident();
}
#endif

}  // namespace adder::inline ADDER_ABI::detail
