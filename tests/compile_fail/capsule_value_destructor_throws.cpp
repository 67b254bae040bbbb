// SPDX-License-Identifier: MIT
// The value of a capsule dies where no exception can go; the function that is called before that may throw.
// EXPECT: adder: the destructor of a capsule's value may not throw
#include "adder/adder.hpp"

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

Bound<PyCapsule> probe(Python py) {
  return PyCapsule::new_with_destructor(py, Loud(), "probe", [](Loud&, void*) { throw PyValueError::new_err("late"); });
}
