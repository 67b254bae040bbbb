// SPDX-License-Identifier: MIT
// Sixteen threads attach, detach and drop handles while the main thread shuts the interpreter down. Nobody crashes,
// hangs or unwinds: threads that come too late are told so.
#include "adder/adder.hpp"

#include <atomic>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <thread>
#include <vector>

using namespace adder;

namespace {

std::atomic<int> refused = 0;

void work(Py<PyList> shared) {
  std::vector<Py<PyAny>> kept;
  for (;;) {
    const bool ran = Python::try_with_gil([&](Python py) {
      const Bound<PyAny> item = py.eval("object()");
      kept.push_back(shared.clone_ref(py));
      kept.emplace_back(item);
      py.allow_threads([] { std::this_thread::yield(); });
      (void)shared.bind(py).len();
    });
    if (!ran) break;
    if (kept.size() > 64) kept.clear();  // Dropped while detached.
  }
  ++refused;
  // After the end: handles die without a crash, and with_gil says no by name.
  kept.clear();
  try {
    Python::with_gil([](Python) {});
    std::puts("with_gil attached to an interpreter that is shutting down");
    std::_Exit(3);
  } catch (const InterpreterUnavailable&) {
  }
}

}  // namespace

int main() {
  std::vector<std::thread> threads;
  Python::with_gil([&](Python py) {
    const Bound<PyList> shared = PyList::empty(py);
    for (int i = 0; i < 16; ++i) threads.emplace_back(work, Py<PyList>(shared));
    py.allow_threads([] { std::this_thread::sleep_for(std::chrono::milliseconds(50)); });
  });
  PyGILState_Ensure();
  if (Py_FinalizeEx() != 0) return 2;
  for (auto& thread : threads) thread.join();
  if (refused != 16) return 4;
  if (Python::try_with_gil([](Python) {})) return 5;
  try {
    Python::prepare_freethreaded_python();
    return 6;
  } catch (const InterpreterUnavailable& error) {
    std::puts(error.what());
  }
  return 0;
}
