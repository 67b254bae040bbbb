// SPDX-License-Identifier: MIT
// A SystemExit that is printed within with_gil ends the interpreter and the process from there. The attach gate does
// not wait for the very thread that closes it.
#include "adder/adder.hpp"

#include <chrono>
#include <cstdlib>

using namespace adder;

namespace {
std::chrono::steady_clock::time_point begun;
void judge() {
  // The gate would wait for more than a second.
  if (std::chrono::steady_clock::now() - begun > std::chrono::milliseconds(900)) std::_Exit(3);
}
}  // namespace

int main() {
  std::atexit(judge);
  Python::with_gil([](Python py) {
    begun = std::chrono::steady_clock::now();
    PyErr::from_value(py.eval("SystemExit(0)")).print(py);
  });
  return 4;  // Not reached.
}
