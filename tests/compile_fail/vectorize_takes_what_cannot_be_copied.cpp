// SPDX-License-Identifier: MIT
// The function is called for each item with the same further argument.
// EXPECT: adder: vectorize<f>: f is called many times with the same argument, which it takes by value
#include "adder/adder.hpp"

#include "adder/array/array.hpp"
#include "adder/array/vectorize.hpp"

#include <cstddef>

using namespace adder;

#if ADDER_MUST_NOT_COMPILE
double item(Array<const double, ndim<1>> table, std::size_t place) { return table.at(place); }
#else
double item(const Array<const double, ndim<1>>& table, std::size_t place) { return table.at(place); }
#endif
void probe(ModuleBuilder& m) { m.def<vectorize<&item>>("item"); }
