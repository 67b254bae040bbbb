// SPDX-License-Identifier: MIT
// A bound function returns only what adder can hand to Python.
// EXPECT: adder: no conversion from T to a Python object
// EXPECT: Unknown
#include "adder/adder.hpp"

using namespace adder;

struct Unknown {};
#if ADDER_MUST_NOT_COMPILE
Unknown make() { return {}; }
#else
int make() { return 1; }
#endif

void probe(ModuleBuilder& m) { m.def<&make>("make"); }
