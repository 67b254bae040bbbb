// SPDX-License-Identifier: MIT
// with_gil returns no aggregate with a handle among its fields.
// EXPECT: with_gil may not return a token or a GIL-bound handle
// EXPECT: verdict<Answer
#include "adder/adder.hpp"

using namespace adder;

#if ADDER_MUST_NOT_COMPILE
using Handle = Bound<PyAny>;
#else
using Handle = Py<PyAny>;
#endif

struct Answer {
  int code;
  Handle value;
};
Answer work(Python py);

void probe() { (void)Python::with_gil(work); }
