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

/// Detached, until @p done or for about a second.
template <class Done>
void wait_detached(Done done) noexcept {
  PyThreadState* state = PyEval_SaveThread();
  for (int naps = 0; naps < 5000 && !done(); ++naps) sleep_briefly();
  PyEval_RestoreThread(state);
}

ADDER_FUNC void AttachGate::close() noexcept {
  closed_.store(true, Order::seq_cst);
  gate_will_close.store(false, Order::release);
  const auto all_have_left = [this] { return !others_inside(); };
  if (all_have_left()) return;
  wait_detached(all_have_left);
  if (!counts_.on_the_way()) return;
  // Somebody had the GIL all that time, and others wait for it with the gate behind them. In each turn it is free.
  for (int turns = 0; turns < 5000 && counts_.on_the_way(); ++turns) {
    PyThreadState* state = PyEval_SaveThread();
    sleep_briefly();
    PyEval_RestoreThread(state);
  }
  wait_detached(all_have_left);
}

}  // namespace adder::inline ADDER_ABI::detail
