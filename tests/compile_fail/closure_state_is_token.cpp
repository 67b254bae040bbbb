// SPDX-License-Identifier: MIT
// A token says that this thread has the GIL now; a closure is called some other time.
// EXPECT: may not hold a token or a GIL-bound handle
#include "adder/adder.hpp"
#include "adder/function/closure.hpp"

using namespace adder;

Bound<PyBuiltinFunction> probe(Python py) {
#if ADDER_MUST_NOT_COMPILE
  return new_closure<[](const Python&) { return 1; }>(py, "f", py);
#else
  return new_closure<[](const int& state, Python) { return state; }>(py, "f", 1);
#endif
}
