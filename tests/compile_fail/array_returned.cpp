// SPDX-License-Identifier: MIT
// An Array holds the memory of somebody else. A result would be an array of that object, which Python has already.
// EXPECT: adder: an Array holds somebody else's memory and is no result
#include "adder/adder.hpp"
#include "adder/array/array.hpp"
#include "adder/array/owned_array.hpp"

#include <vector>

using namespace adder;

#if ADDER_MUST_NOT_COMPILE
Array<double> same(Array<double> a) { return a; }
#else
OwnedArray<double> same(const Array<double>& a) { return OwnedArray<double>(std::vector<double>(a.begin(), a.end())); }
#endif

void probe(ModuleBuilder& m) { m.def<&same>("same"); }
