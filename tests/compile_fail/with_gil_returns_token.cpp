// SPDX-License-Identifier: MIT
// with_gil returns no token.
// EXPECT: with_gil may not return a token or a GIL-bound handle
// EXPECT: verdict<adder::[a-z0-9_:]*Python
#include "adder/adder.hpp"

using namespace adder;

#if ADDER_MUST_NOT_COMPILE
Python work(Python py);
#else
int work(Python py);
#endif

void probe() { (void)Python::with_gil(work); }
