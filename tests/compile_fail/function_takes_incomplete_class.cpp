// SPDX-License-Identifier: MIT
// Of a class that is only declared nobody knows what it is to Python.
// FIRST: adder: no conversion of a class that is only declared here: include the header that defines it
#include "adder/adder.hpp"

using namespace adder;

struct Engine;
#if ADDER_MUST_NOT_COMPILE
bool f(const Engine&) { return true; }
#else
bool f(const Bound<PyAny>&) { return true; }
#endif

void probe(ModuleBuilder& m) { m.def<&f>("f"); }
