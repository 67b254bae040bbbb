// SPDX-License-Identifier: MIT
/// @file
/// @brief The plain functions of attach.hpp.
#pragma once
#include "adder/token/detail/attach.hpp"

#include <cstdio>
#include <cstdlib>
#include <ctime>

namespace adder::inline ADDER_ABI {

namespace detail {

ADDER_COLD ADDER_FUNC void fatal(std::string_view promise, Location where) noexcept {
  const auto size = static_cast<int>(promise.size());
  if (where.line_number() != 0) {
    std::fprintf(stderr, "adder: %.*s (at %s:%u)\n", size, promise.data(), where.file_name(), where.line_number());
  } else {
    std::fprintf(stderr, "adder: %.*s\n", size, promise.data());
  }
  std::fflush(stderr);
  std::abort();
}

ADDER_COLD ADDER_FUNC void park_thread() noexcept {
  for (;;) {
    timespec hour{3600, 0};
    nanosleep(&hour, nullptr);
  }
}

ADDER_FUNC void sleep_briefly() noexcept {
  timespec nap{0, 200'000};
  nanosleep(&nap, nullptr);
}

ADDER_FUNC void AttachGate::close() noexcept {
  closed_.store(true, Order::seq_cst);
  // The thread that ends the interpreter may have passed the gate itself.
  if (inside_.load(Order::seq_cst) <= own_entries()) return;
  PyThreadState* state = PyEval_SaveThread();
  for (int naps = 0; naps < 5000 && inside_.load(Order::seq_cst) > own_entries(); ++naps) sleep_briefly();
  PyEval_RestoreThread(state);
}

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

}  // namespace detail

}  // namespace adder::inline ADDER_ABI
