// SPDX-License-Identifier: MIT
// A pointer does not keep alive what it leads to.
// EXPECT: a pointer or a view may lead to what is gone
#include "adder/adder.hpp"
#include "adder/function/closure.hpp"

using namespace adder;

Bound<PyBuiltinFunction> probe(Python py, int* number) {
#if ADDER_MUST_NOT_COMPILE
  return new_closure<[](int* const& state) { return *state; }>(py, "f", number);
#else
  return new_closure<[](const int& state) { return state; }>(py, "f", *number);
#endif
}
