// SPDX-License-Identifier: MIT
// Nobody can look into a lambda: it may have captured a handle.
// EXPECT: adder cannot see what a lambda has captured
#include "adder/adder.hpp"
#include "adder/function/closure.hpp"

using namespace adder;

struct Adds {
  int by;
  int operator()(int x) const { return x + by; }
};

Bound<PyBuiltinFunction> probe(Python py, int by) {
#if ADDER_MUST_NOT_COMPILE
  auto state = [by](int x) { return x + by; };
#else
  Adds state{by};
#endif
  using State = decltype(state);
  return new_closure<[](const State& function, int x) { return function(x); }>(py, "f", state);
}
