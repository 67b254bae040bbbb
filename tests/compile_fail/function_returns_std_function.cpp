// SPDX-License-Identifier: MIT
// The same of a result.
// FIRST: adder: std::function and its kin convert once .*adder/stl/functional.hpp.* is included
#include "adder/adder.hpp"
#include "adder/function/closure.hpp"

#include <functional>

using namespace adder;

#if ADDER_MUST_NOT_COMPILE
std::function<int(int)> f() {
  return [](int x) { return x + 1; };
}
#else
Bound<PyAny> f(Python py) {
  return new_closure<[](const int& by, int x) { return x + by; }>(py, "add", 1);
}
#endif

void probe(ModuleBuilder& m) { m.def<&f>("f"); }
