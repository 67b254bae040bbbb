// SPDX-License-Identifier: MIT
// with_gil returns no handle: it would outlive the GIL.
// EXPECT: with_gil may not return a token or a GIL-bound handle
// EXPECT: verdict<adder::[a-z0-9_:]*Bound<
#include "adder/adder.hpp"

using namespace adder;

#if ADDER_MUST_NOT_COMPILE
Bound<PyAny> work(Python py);
#else
Py<PyAny> work(Python py);
#endif

void probe() { (void)Python::with_gil(work); }
