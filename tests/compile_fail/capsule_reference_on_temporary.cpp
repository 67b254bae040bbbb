// SPDX-License-Identifier: MIT
// The value dies with the capsule, and a temporary capsule at the end of the expression.
// EXPECT: (use of deleted function .*reference|call to deleted member function 'reference')
#include "adder/adder.hpp"
using namespace adder;
int probe(Python py) {
#if ADDER_MUST_NOT_COMPILE
  const int& value = PyCapsule::new_(py, 5, "probe").reference<int>("probe");
#else
  const auto capsule = PyCapsule::new_(py, 5, "probe");
  const int& value = capsule.reference<int>("probe");
#endif
  return value;
}
