// SPDX-License-Identifier: MIT
// A list of Python has no such memory, and an array has a shape and strides.
// FIRST: adder: no conversion from a Python object to T: of spans there is but.*or const Array<const T>&, with .*adder/array/array.hpp
#include "adder/adder.hpp"
#include "adder/array/array.hpp"

#include <span>

using namespace adder;

#if ADDER_MUST_NOT_COMPILE
double sum(std::span<const double> numbers) {
#else
double sum(const Array<const double, c_order>& numbers) {
#endif
  double all = 0;
  for (const double x : numbers) all += x;
  return all;
}

void probe(ModuleBuilder& m) { m.def<&sum>("sum", arg("numbers")); }
