// SPDX-License-Identifier: MIT
// A capsule that owns its value does not own what a pointer leads to; new_with_pointer says that somebody else does.
// EXPECT: adder: a capsule keeps its value: a pointer, reference or view in it may lead to what is gone
// EXPECT: write new_with_pointer
#include "adder/adder.hpp"

using namespace adder;

Bound<PyCapsule> probe(Python py, int* number) {
#if ADDER_MUST_NOT_COMPILE
  return PyCapsule::new_(py, number, "probe");
#else
  return PyCapsule::new_with_pointer(py, number, "probe");
#endif
}
