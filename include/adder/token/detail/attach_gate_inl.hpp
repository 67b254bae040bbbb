// SPDX-License-Identifier: MIT
/// @file
/// @brief The plain functions of attach_gate.hpp.
#pragma once
#include "adder/token/detail/attach_gate.hpp"

#include <ctime>

namespace adder::inline ADDER_ABI::detail {

ADDER_FUNC void sleep_briefly() noexcept {
  timespec nap{0, 200'000};
  nanosleep(&nap, nullptr);
}

ADDER_FUNC void AttachGate::close() noexcept {
  closed_.store(true, Order::seq_cst);
  // The thread that ends the interpreter may have passed the gate itself.
  if (inside_.load(Order::seq_cst) <= thread_scopes.gate_entries) return;
  PyThreadState* state = PyEval_SaveThread();
  for (int naps = 0; naps < 5000 && inside_.load(Order::seq_cst) > thread_scopes.gate_entries; ++naps) sleep_briefly();
  PyEval_RestoreThread(state);
}

}  // namespace adder::inline ADDER_ABI::detail
