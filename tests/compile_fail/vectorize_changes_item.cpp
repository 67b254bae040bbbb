// SPDX-License-Identifier: MIT
// The items of an argument are not to be written to: they may be a copy, or one that serves for all.
// EXPECT: adder: vectorize<f>: f takes the items of arrays by value or as const T&
#include "adder/adder.hpp"

#include "adder/array/vectorize.hpp"

using namespace adder;

#if ADDER_MUST_NOT_COMPILE
double twice(double& x) { return x *= 2; }
#else
double twice(const double& x) { return 2 * x; }
#endif
void probe(ModuleBuilder& m) { m.def<vectorize<&twice>>("twice"); }
