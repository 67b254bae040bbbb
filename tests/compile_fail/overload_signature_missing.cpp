// SPDX-License-Identifier: MIT
// Either each function of a set has a signature(...), or none.
// EXPECT: takes one signature\(...\) for each function, or none
#include "adder/adder.hpp"
#include "adder/function/overload.hpp"

using namespace adder;

int of_int(int n) { return n; }
int of_float(double x) { return static_cast<int>(x); }

void probe(ModuleBuilder& m) {
#if ADDER_MUST_NOT_COMPILE
  m.def<overload<&of_int, &of_float>>("f", signature(arg("n")));
#else
  m.def<overload<&of_int, &of_float>>("f", signature(arg("n")), signature(arg("x")));
#endif
}
