// SPDX-License-Identifier: MIT
// A guard that is not kept unlocks at once.
// EXPECT: (nodiscard|ignoring return)
// FLAGS: -Werror=unused-result -Werror=unused-value
#include "adder/adder.hpp"
#include "adder/sync/py_mutex.hpp"

using namespace adder;

void probe(Python py, adder::PyMutex<int>& mutex) {
#if ADDER_MUST_NOT_COMPILE
  mutex.lock(py);
#else
  const auto guard = mutex.lock(py);
#endif
}
