// SPDX-License-Identifier: MIT
// A function that returns nothing makes no array.
// EXPECT: adder: vectorize<f>: f returns an item of an array
#include "adder/adder.hpp"

#include "adder/array/vectorize.hpp"

using namespace adder;

#if ADDER_MUST_NOT_COMPILE
void show(double) {}
#else
double show(double x) { return x; }
#endif
void probe(ModuleBuilder& m) { m.def<vectorize<&show>>("show"); }
