// SPDX-License-Identifier: MIT
// The same for results.
// FIRST: adder: no conversion of a class that is only declared here: include the header that defines it
#include "adder/adder.hpp"

using namespace adder;

struct Engine;
#if ADDER_MUST_NOT_COMPILE
const Engine& f();
#else
int f();
#endif

void probe(ModuleBuilder& m) { m.def<&f>("f"); }
