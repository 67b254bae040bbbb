// SPDX-License-Identifier: MIT
// The names in signature(...) are those of its function.
// EXPECT: name every parameter of the function with arg
#include "adder/adder.hpp"
#include "adder/function/overload.hpp"

using namespace adder;

int of_int(int n) { return n; }
int of_two(int n, int k) { return n + k; }

void probe(ModuleBuilder& m) {
#if ADDER_MUST_NOT_COMPILE
  m.def<overload<&of_int, &of_two>>("f", signature(arg("n"), arg("k")), signature(arg("n")));
#else
  m.def<overload<&of_int, &of_two>>("f", signature(arg("n")), signature(arg("n"), arg("k")));
#endif
}
