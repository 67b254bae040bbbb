// SPDX-License-Identifier: MIT
// A lock that is not kept is unlocked at once.
// EXPECT: (nodiscard|ignoring return)
// FLAGS: -Werror=unused-result -Werror=unused-value
#include "adder/adder.hpp"
#include "adder/sync/lock.hpp"

#include <mutex>

using namespace adder;

void probe(Python py, std::mutex& mutex) {
#if ADDER_MUST_NOT_COMPILE
  lock_attached(py, mutex);
#else
  const auto lock = lock_attached(py, mutex);
#endif
}
