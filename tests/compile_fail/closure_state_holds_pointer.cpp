// SPDX-License-Identifier: MIT
// A pointer in the state does not keep alive what it leads to; a pointer to a function needs to keep nothing.
// EXPECT: adder: a closure owns its state: a pointer or a view may lead to what is gone
#include "adder/adder.hpp"
#include "adder/function/closure.hpp"

using namespace adder;

struct State {
  int calls;
#if ADDER_MUST_NOT_COMPILE
  int* number;
#else
  int (*number)();
#endif
};

Bound<PyBuiltinFunction> probe(Python py, decltype(State::number) number) {
  return new_closure<[](const State& state) { return state.number != nullptr; }>(py, "f", State{0, number});
}
