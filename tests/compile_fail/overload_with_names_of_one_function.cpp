// SPDX-License-Identifier: MIT
// Which function's parameter would it be?
// EXPECT: takes signature\(...\) for each function, and one docstring
#include "adder/adder.hpp"
#include "adder/function/overload.hpp"

using namespace adder;

int of_int(int n) { return n; }
int of_float(double x) { return static_cast<int>(x); }

void probe(ModuleBuilder& m) {
#if ADDER_MUST_NOT_COMPILE
  m.def<overload<&of_int, &of_float>>("f", arg("n"));
#else
  m.def<overload<&of_int, &of_float>>("f", signature(arg("n")), signature(arg("n")));
#endif
}
