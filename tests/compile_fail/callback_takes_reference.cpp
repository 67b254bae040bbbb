// SPDX-License-Identifier: MIT
// Python would get a copy, and C++ not see what it changes.
// FIRST: adder: a C.. function that calls Python cannot take a T&
#include "adder/adder.hpp"
#include "adder/stl/functional.hpp"

#include <functional>

using namespace adder;

#if ADDER_MUST_NOT_COMPILE
void f(const std::function<void(double&)>& g) {
  double x = 1;
  g(x);
}
#else
void f(const std::function<double(double)>& g) { (void)g(1); }
#endif

void probe(ModuleBuilder& m) { m.def<&f>("f"); }
