// SPDX-License-Identifier: MIT
// allow_threads returns no raw object pointer.
// EXPECT: not Ungil: it is, or holds, something tied to the GIL
// EXPECT: is_ungil<(const )?_object ?.
#include "adder/adder.hpp"

using namespace adder;

#if ADDER_MUST_NOT_COMPILE
::PyObject* work();
#else
Py<PyAny> work();
#endif

void probe(Python py) { (void)py.allow_threads(work); }
