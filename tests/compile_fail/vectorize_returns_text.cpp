// SPDX-License-Identifier: MIT
// What a vectorized function returns is what an array holds.
// EXPECT: adder: vectorize<f>: f returns an item of an array
#include "adder/adder.hpp"

#include "adder/array/vectorize.hpp"

#include <string>

using namespace adder;

#if ADDER_MUST_NOT_COMPILE
std::string digits(double x) { return std::to_string(x); }
#else
double digits(double x) { return x; }
#endif
void probe(ModuleBuilder& m) { m.def<vectorize<&digits>>("digits"); }
