// SPDX-License-Identifier: MIT
// The functions of a set do not know their module.
// EXPECT: a function of an overload set cannot take ThisModule
#include "adder/adder.hpp"
#include "adder/function/overload.hpp"

using namespace adder;

int of_int(int n) { return n; }
int of_float(double x) { return static_cast<int>(x); }
[[maybe_unused]] int of_float_in(const ThisModule&, double x) { return static_cast<int>(x); }

void probe(ModuleBuilder& m) {
#if ADDER_MUST_NOT_COMPILE
  m.def<overload<&of_int, &of_float_in>>("f");
#else
  m.def<overload<&of_int, &of_float>>("f");
#endif
}
