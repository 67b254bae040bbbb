// SPDX-License-Identifier: MIT
// Eight threads race the first with_gil: the interpreter is started once, `site` is done before any of them runs, and
// the GIL is free afterwards. No signal handler is taken.
#include "adder/adder.hpp"

#include <atomic>
#include <barrier>
#include <csignal>
#include <thread>
#include <vector>

using namespace adder;

int main() {
  if (Python::try_with_gil([](Python) {})) return 2;  // There is nothing to attach to yet, and it starts nothing.
  const auto before = std::signal(SIGINT, SIG_DFL);
  std::signal(SIGINT, before);
  std::atomic<int> with_site = 0;
  std::barrier start(8);
  std::vector<std::thread> threads;
  for (int i = 0; i < 8; ++i) {
    threads.emplace_back([&] {
      start.arrive_and_wait();
      Python::with_gil([&](Python py) {
        with_site +=
            py.eval("'site' in __import__('sys').modules and hasattr(__import__('builtins'), 'exit')").extract<bool>();
      });
    });
  }
  for (auto& thread : threads) thread.join();
  if (with_site != 8) return 3;
  if (std::signal(SIGINT, before) != before) return 5;
  return Python::with_gil([](Python py) { return py.eval("2 + 2").extract<int>() == 4 ? 0 : 4; });
}
