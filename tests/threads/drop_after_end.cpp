// SPDX-License-Identifier: MIT
// Handles in statics outlive the interpreter and are leaked without a crash; __del__ of what was dropped while detached
// runs before the interpreter goes.
#include "adder/adder.hpp"

#include <cstdio>
#include <optional>
#include <thread>

using namespace adder;

namespace {
std::optional<Py<PyAny>> in_a_static;
std::optional<PyErr> error_in_a_static;
}  // namespace

int main() {
  std::optional<Py<PyAny>> dropped;
  Python::with_gil([&](Python py) {
    in_a_static = py.eval("object()").unbind();
    try {
      py.run("1 / 0");
    } catch (const PyErr& error) {
      error_in_a_static = error;
    }
    py.run("class Noisy:\n  def __del__(self): print('released', flush=True)");
    dropped = py.eval("Noisy()").unbind();
  });
  std::thread([&] { dropped.reset(); }).join();  // Nobody attaches any more: the shutdown has to release it.
  PyGILState_Ensure();
  if (Py_FinalizeEx() != 0) return 2;
  std::puts(error_in_a_static->what());
  return 0;
}
