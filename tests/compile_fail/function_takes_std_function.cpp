// SPDX-License-Identifier: MIT
// A std::function would hide that it calls Python: the handle is called instead.
// FIRST: adder: no conversion from a Python object to T: a std::function would call Python without a token. Take const Bound<PyAny>&
#include "adder/adder.hpp"

#include <functional>

using namespace adder;

#if ADDER_MUST_NOT_COMPILE
int f(const std::function<int(int)>& g) { return g(1); }
#else
int f(const Bound<PyAny>& g) { return g(1).extract<int>(); }
#endif

void probe(ModuleBuilder& m) { m.def<&f>("f"); }
