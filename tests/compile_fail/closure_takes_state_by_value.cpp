// SPDX-License-Identifier: MIT
// A copy of the state would forget what a call changes.
// EXPECT: takes its state first, as State& or const State&
#include "adder/adder.hpp"
#include "adder/function/closure.hpp"

using namespace adder;

struct Count {
  int calls;
};
#if ADDER_MUST_NOT_COMPILE
int next(Count count) { return ++count.calls; }
#else
int next(Count& count) { return ++count.calls; }
#endif

Bound<PyBuiltinFunction> probe(Python py) { return new_closure<&next>(py, "next", Count{0}); }
