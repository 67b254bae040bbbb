// SPDX-License-Identifier: MIT
// try_with_gil returns no handle either.
// EXPECT: with_gil may not return a token or a GIL-bound handle
// EXPECT: verdict<adder::[a-z0-9_:]*Bound<
#include "adder/adder.hpp"

using namespace adder;

#if ADDER_MUST_NOT_COMPILE
Bound<PyAny> work(Python py);
#else
Py<PyAny> work(Python py);
#endif

void probe() { (void)Python::try_with_gil(work); }
