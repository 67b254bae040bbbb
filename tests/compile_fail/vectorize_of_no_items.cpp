// SPDX-License-Identifier: MIT
// A function of text alone has nothing that could be an array.
// EXPECT: adder: vectorize<f>: no parameter of f is an item of an array
#include "adder/adder.hpp"

#include "adder/array/vectorize.hpp"
#include "adder/stl/string.hpp"

#include <string>

using namespace adder;

#if ADDER_MUST_NOT_COMPILE
double length(const std::string& text) { return static_cast<double>(text.size()); }
#else
double length(double text) { return text; }
#endif
void probe(ModuleBuilder& m) { m.def<vectorize<&length>>("length"); }
