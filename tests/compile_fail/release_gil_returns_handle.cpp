// SPDX-License-Identifier: MIT
// Without the GIL no handle can be made.
// EXPECT: this type is not Ungil
#include "adder/adder.hpp"

using namespace adder;

[[maybe_unused]] Bound<PyAny> make(int n) {
  return Python::assume_gil_acquired().None().into_any();
  (void)n;
}
int count_alone(int n) { return n; }

void probe(ModuleBuilder& m) {
#if ADDER_MUST_NOT_COMPILE
  m.def<&make>("make", release_gil);
#else
  m.def<&count_alone>("count", release_gil);
#endif
}
