// SPDX-License-Identifier: MIT
// A closure is defined in no module.
// EXPECT: only functions of a module can take ThisModule
#include "adder/adder.hpp"
#include "adder/function/closure.hpp"

using namespace adder;

int calls(const int& count) { return count; }
[[maybe_unused]] int calls_in(const int& count, const ThisModule&) { return count; }

Bound<PyBuiltinFunction> probe(Python py) {
#if ADDER_MUST_NOT_COMPILE
  return new_closure<&calls_in>(py, "calls", 1);
#else
  return new_closure<&calls>(py, "calls", 1);
#endif
}
