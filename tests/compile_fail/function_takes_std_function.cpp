// SPDX-License-Identifier: MIT
// std::function converts by a header of its own.
// FIRST: adder: std::function and its kin convert once .*adder/stl/functional.hpp.* is included
#include "adder/adder.hpp"

#include <functional>

using namespace adder;

#if ADDER_MUST_NOT_COMPILE
int f(const std::function<int(int)>& g) { return g(1); }
#else
int f(const Bound<PyAny>& g) { return g(1).extract<int>(); }
#endif

void probe(ModuleBuilder& m) { m.def<&f>("f"); }
