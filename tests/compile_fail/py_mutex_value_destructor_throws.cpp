// SPDX-License-Identifier: MIT
// The collector drops what a mutex owns where no exception can go.
// EXPECT: adder: destroying the value of a PyMutex may not throw
#include "adder/sync/py_mutex.hpp"

using namespace adder;

struct Loud {
  Loud() = default;
  Loud(Loud&&) noexcept {}
#if ADDER_MUST_NOT_COMPILE
  ~Loud() noexcept(false) {}
#else
  ~Loud() {}
#endif
};

bool probe(adder::PyMutex<Loud>& mutex) { return mutex.is_poisoned(); }
