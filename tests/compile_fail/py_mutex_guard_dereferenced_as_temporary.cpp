// SPDX-License-Identifier: MIT
// A guard that is a temporary unlocks at the end of the expression: the reference would outlive the lock.
// EXPECT: (use of deleted function|overload resolution selected deleted operator)
#include "adder/adder.hpp"
#include "adder/sync/py_mutex.hpp"

using namespace adder;

int probe(Python py, adder::PyMutex<int>& mutex) {
#if ADDER_MUST_NOT_COMPILE
  const int& value = *mutex.lock(py);
#else
  const auto guard = mutex.lock(py);
  const int& value = *guard;
#endif
  return value;
}
