// SPDX-License-Identifier: MIT
// with_gil returns no borrowed handle.
// EXPECT: with_gil may not return a token or a GIL-bound handle
// EXPECT: verdict<adder::[a-z0-9_:]*Borrowed<
#include "adder/adder.hpp"

using namespace adder;

#if ADDER_MUST_NOT_COMPILE
Borrowed<PyAny> work(Python py);
#else
Py<PyAny> work(Python py);
#endif

void probe() { (void)Python::with_gil(work); }
