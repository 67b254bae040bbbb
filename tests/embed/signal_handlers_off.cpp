// SPDX-License-Identifier: MIT
// Without being asked to, an interpreter leaves the program's signal handlers alone, and Python code hears of no
// SIGINT.
#include "support/embedded.hpp"

#include <csignal>

using namespace adder;
using namespace test;

namespace {
volatile std::sig_atomic_t seen = 0;
extern "C" void count_signal(int) { seen = seen + 1; }
}  // namespace

int main() {
  std::signal(SIGINT, count_signal);
  in_child([] {
    Python::prepare_freethreaded_python();
    std::raise(SIGINT);
    expect(seen == 1);
  });
  InterpreterConfig().signal_handlers(true).signal_handlers(false).start();
  Python::with_gil([](Python py) {
    std::raise(SIGINT);
    expect(seen == 1);
    expect(py.check_signals().is_ok());
    py.run(R"(
        import os, signal
        os.kill(os.getpid(), signal.SIGINT)
        assert sum(range(100_000)) == 4999950000
    )");
    expect(seen == 2);
    expect(py.check_signals().is_ok());
  });
  expect(std::signal(SIGINT, SIG_DFL) == count_signal);
  return failures;
}
