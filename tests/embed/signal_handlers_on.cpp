// SPDX-License-Identifier: MIT
// With signal handlers, SIGINT becomes a KeyboardInterrupt in Python code and in check_signals().
#include "support/embedded.hpp"

#include <csignal>

using namespace adder;
using namespace test;

int main() {
  InterpreterConfig().signal_handlers().start();
  Python::with_gil([](Python py) {
    expect(py.check_signals().is_ok());
    std::raise(SIGINT);
    const auto result = py.check_signals();
    expect(result.is_err() && result.error().is_instance_of<PyKeyboardInterrupt>(py));
    expect(py.check_signals().is_ok());  // Once for each signal.

    std::raise(SIGINT);
    try {
      py.run("for _ in range(10_000_000): pass");
      expect(false);
    } catch (const PyErr& error) {
      expect(error.is_instance_of<PyKeyboardInterrupt>(py));
    }
    py.run(R"(
        import os, signal, time
        try:
            os.kill(os.getpid(), signal.SIGINT)
            time.sleep(30)
        except KeyboardInterrupt:
            caught = True
        assert caught
    )");
  });
  return failures;
}
