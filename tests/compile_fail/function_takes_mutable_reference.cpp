// SPDX-License-Identifier: MIT
// A bound function cannot change a Python number through a reference.
// EXPECT: a bound function cannot change its argument through T&
#include "adder/adder.hpp"

using namespace adder;

#if ADDER_MUST_NOT_COMPILE
void bump(int& n) { ++n; }
#else
int bump(const int& n) { return n + 1; }
#endif

void probe(ModuleBuilder& m) { m.def<&bump>("bump"); }
