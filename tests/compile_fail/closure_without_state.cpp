// SPDX-License-Identifier: MIT
// A closure's function takes the state; one that takes nothing needs no closure.
// EXPECT: takes its state first, as State& or const State&
#include "adder/adder.hpp"
#include "adder/function/closure.hpp"

using namespace adder;

struct Count {
  int calls;
};
[[maybe_unused]] int one() { return 1; }
int calls(const Count& count) { return count.calls; }

Bound<PyBuiltinFunction> probe(Python py) {
#if ADDER_MUST_NOT_COMPILE
  return new_closure<&one>(py, "f", Count{0});
#else
  return new_closure<&calls>(py, "f", Count{0});
#endif
}
