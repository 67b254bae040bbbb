// SPDX-License-Identifier: MIT
// There is nothing to choose from one function.
// EXPECT: an overload set has at least two functions
#include "adder/adder.hpp"
#include "adder/function/overload.hpp"

using namespace adder;

int of_int(int n) { return n; }
int of_float(double x) { return static_cast<int>(x); }

void probe(ModuleBuilder& m) {
#if ADDER_MUST_NOT_COMPILE
  m.def<overload<&of_int>>("f");
#else
  m.def<overload<&of_int, &of_float>>("f");
#endif
}
