// SPDX-License-Identifier: MIT
// Nothing is there that it could lead to.
// FIRST: adder: a C.. function that calls Python cannot return a reference
#include "adder/adder.hpp"
#include "adder/stl/functional.hpp"

#include <functional>

using namespace adder;

#if ADDER_MUST_NOT_COMPILE
void f(const std::function<const double&()>& g) { (void)g(); }
#else
void f(const std::function<double()>& g) { (void)g(); }
#endif

void probe(ModuleBuilder& m) { m.def<&f>("f"); }
