// SPDX-License-Identifier: MIT
// The state of a closure dies where no exception can go.
// EXPECT: adder: the destructor of a closure's state may not throw
#include "adder/adder.hpp"
#include "adder/function/closure.hpp"

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

Bound<PyBuiltinFunction> probe(Python py) {
  return new_closure<[](const Loud&) {}>(py, "f", Loud());
}
