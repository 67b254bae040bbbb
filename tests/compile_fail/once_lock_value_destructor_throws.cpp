// SPDX-License-Identifier: MIT
// A value that is not needed any more is dropped where no exception can go.
// EXPECT: adder: moving or destroying the value of a PyOnceLock may not throw
#include "adder/adder.hpp"
#include "adder/sync/once_lock.hpp"

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

const Loud* probe(Python py, PyOnceLock<Loud>& cell) { return cell.get(py); }
