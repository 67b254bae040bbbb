// SPDX-License-Identifier: MIT
// A closure outlives the section in which the GIL is held, and so does what its state holds.
// EXPECT: may not hold a token or a GIL-bound handle
#include "adder/adder.hpp"
#include "adder/function/closure.hpp"

using namespace adder;

struct Bad {
  Bound<PyAny> callback;
};
struct Good {
  Py<PyAny> callback;
};

Bound<PyBuiltinFunction> probe(const Bound<PyAny>& callback) {
#if ADDER_MUST_NOT_COMPILE
  return new_closure<[](const Bad&) { return 1; }>(callback.py(), "f", Bad{callback});
#else
  return new_closure<[](const Good&) { return 1; }>(callback.py(), "f", Good{callback});
#endif
}
