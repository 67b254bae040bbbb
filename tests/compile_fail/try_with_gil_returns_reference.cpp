// SPDX-License-Identifier: MIT
// try_with_gil returns its result in an optional, which holds no reference.
// EXPECT: try_with_gil returns a value
#include "adder/adder.hpp"

using namespace adder;

#if ADDER_MUST_NOT_COMPILE
int& work(Python py);
#else
int* work(Python py);
#endif

void probe() { (void)Python::try_with_gil(work); }
