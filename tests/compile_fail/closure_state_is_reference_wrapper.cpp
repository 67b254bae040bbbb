// SPDX-License-Identifier: MIT
// A reference in disguise does not keep alive what it leads to.
// EXPECT: a pointer or a view may lead to what is gone
#include "adder/adder.hpp"
#include "adder/function/closure.hpp"
#include "functional"

using namespace adder;

Bound<PyBuiltinFunction> probe(Python py, int& number) {
#if ADDER_MUST_NOT_COMPILE
  return new_closure<[](const std::reference_wrapper<int>& state) { return state.get(); }>(py, "f", std::ref(number));
#else
  return new_closure<[](const int& state) { return state; }>(py, "f", number);
#endif
}
