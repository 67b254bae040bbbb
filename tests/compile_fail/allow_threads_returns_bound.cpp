// SPDX-License-Identifier: MIT
// allow_threads returns no handle: it would have been made without the GIL.
// EXPECT: not Ungil: it is, or holds, something tied to the GIL
// EXPECT: is_ungil<(const )?adder::[a-z0-9_:]*Bound<
#include "adder/adder.hpp"

using namespace adder;

#if ADDER_MUST_NOT_COMPILE
Bound<PyAny> work();
#else
Py<PyAny> work();
#endif

void probe(Python py) { (void)py.allow_threads(work); }
