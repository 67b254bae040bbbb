// SPDX-License-Identifier: MIT
// A vectorized function makes arrays, with the GIL, and lets go of it where that pays.
// EXPECT: adder: vectorize<f> lets go of the GIL by itself
#include "adder/adder.hpp"

#include "adder/array/vectorize.hpp"

using namespace adder;

double twice(double x) { return 2 * x; }
#if ADDER_MUST_NOT_COMPILE
void probe(ModuleBuilder& m) { m.def<vectorize<&twice>>("twice", release_gil); }
#else
void probe(ModuleBuilder& m) { m.def<vectorize<&twice>>("twice"); }
#endif
