// SPDX-License-Identifier: MIT
// A reference in the state leads to a variable of the function that made the closure.
// EXPECT: adder: a closure owns its state: a pointer or a view may lead to what is gone
#include "adder/adder.hpp"
#include "adder/function/closure.hpp"

using namespace adder;

struct State {
  int calls;
#if ADDER_MUST_NOT_COMPILE
  const int& number;
#else
  int number;
#endif
};

Bound<PyBuiltinFunction> probe(Python py, const int& number) {
  return new_closure<[](const State& state) { return state.number; }>(py, "f", State{0, number});
}
