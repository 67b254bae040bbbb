// SPDX-License-Identifier: MIT
// The places that are listed are those of parameters; the first is 0.
// EXPECT: adder: vectorize<f, I>: the function has no parameter of that number
#include "adder/adder.hpp"

#include "adder/array/vectorize.hpp"

using namespace adder;

double power(double base, int exponent) { return exponent == 0 ? 1 : base; }
#if ADDER_MUST_NOT_COMPILE
void probe(ModuleBuilder& m) { m.def<vectorize<&power, 2>>("power"); }
#else
void probe(ModuleBuilder& m) { m.def<vectorize<&power, 1>>("power"); }
#endif
