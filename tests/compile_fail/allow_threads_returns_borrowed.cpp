// SPDX-License-Identifier: MIT
// allow_threads returns no borrowed handle.
// EXPECT: not Ungil: it is, or holds, something tied to the GIL
// EXPECT: is_ungil<(const )?adder::[a-z0-9_:]*Borrowed<
#include "adder/adder.hpp"

using namespace adder;

#if ADDER_MUST_NOT_COMPILE
Borrowed<PyAny> work();
#else
Py<PyAny> work();
#endif

void probe(Python py) { (void)py.allow_threads(work); }
