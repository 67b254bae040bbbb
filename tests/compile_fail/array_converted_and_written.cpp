// SPDX-License-Identifier: MIT
// What is written to a converted copy would be lost.
// EXPECT: adder: convert\(\) of an array that is written to would have the writes go to a copy
#include "adder/adder.hpp"
#include "adder/array/array.hpp"

using namespace adder;

#if ADDER_MUST_NOT_COMPILE
using Element = double;
#else
using Element = const double;
#endif
void take(const Array<Element>&) {}

void probe(ModuleBuilder& m) { m.def<&take>("take", arg("a").convert()); }
