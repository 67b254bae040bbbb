// SPDX-License-Identifier: MIT
// allow_threads returns no container of handles.
// EXPECT: not Ungil: it is, or holds, something tied to the GIL
// EXPECT: is_ungil<(const )?std::vector<adder::[a-z0-9_:]*Bound<
#include "adder/adder.hpp"

#include <vector>

using namespace adder;

#if ADDER_MUST_NOT_COMPILE
std::vector<Bound<PyAny>> work();
#else
std::vector<Py<PyAny>> work();
#endif

void probe(Python py) { (void)py.allow_threads(work); }
