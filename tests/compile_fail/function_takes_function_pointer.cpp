// SPDX-License-Identifier: MIT
// No Python object is a C++ function: what is called from C++ is a handle.
// FIRST: adder: no conversion from a Python object to T: no Python object is a C.. function. Take a std::function
#include "adder/adder.hpp"

using namespace adder;

#if ADDER_MUST_NOT_COMPILE
int f(int (*g)(int)) { return g(1); }
#else
int f(const Bound<PyAny>& g) { return g(1).extract<int>(); }
#endif

void probe(ModuleBuilder& m) { m.def<&f>("f"); }
