// SPDX-License-Identifier: MIT
// The state is what the function takes, and not what converts to it.
// EXPECT: the state is of another type than the function's first parameter
#include "adder/adder.hpp"
#include "adder/function/closure.hpp"

using namespace adder;

int next(const int& count) { return count + 1; }

Bound<PyBuiltinFunction> probe(Python py) {
#if ADDER_MUST_NOT_COMPILE
  return new_closure<&next>(py, "next", 1.5);
#else
  return new_closure<&next>(py, "next", 1);
#endif
}
