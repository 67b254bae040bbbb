// SPDX-License-Identifier: MIT
// The state is no argument that Python passes, and has no name.
// EXPECT: name every parameter of the function with arg
#include "adder/adder.hpp"
#include "adder/function/closure.hpp"

using namespace adder;

int add(const int& state, int x) { return state + x; }

Bound<PyBuiltinFunction> probe(Python py) {
#if ADDER_MUST_NOT_COMPILE
  return new_closure<&add>(py, "add", 1, arg("state"), arg("x"));
#else
  return new_closure<&add>(py, "add", 1, arg("x"));
#endif
}
