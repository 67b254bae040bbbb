// SPDX-License-Identifier: MIT
// A std::function becomes a Python function by new_closure, which looks at what it keeps.
// FIRST: adder: no conversion from T to a Python object: a std::function becomes one by new_closure
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
