// SPDX-License-Identifier: MIT
// Two owners of one lock would unlock it twice.
// EXPECT: (use of deleted function|call to deleted constructor)
#include "adder/adder.hpp"
#include "adder/sync/lock.hpp"

#include <mutex>

using namespace adder;

void probe(Python py, std::mutex& mutex) {
  const auto lock = lock_attached(py, mutex);
#if ADDER_MUST_NOT_COMPILE
  const auto other = lock;
#else
  const auto& other = lock;
#endif
  (void)other;
}
