// SPDX-License-Identifier: MIT
// with_gil returns no container of handles.
// EXPECT: with_gil may not return a token or a GIL-bound handle
// EXPECT: verdict<std::vector<adder::[a-z0-9_:]*Bound<
#include "adder/adder.hpp"

#include <vector>

using namespace adder;

#if ADDER_MUST_NOT_COMPILE
std::vector<Bound<PyAny>> work(Python py);
#else
std::vector<Py<PyAny>> work(Python py);
#endif

void probe() { (void)Python::with_gil(work); }
