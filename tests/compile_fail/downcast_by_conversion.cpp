// SPDX-License-Identifier: MIT
// A downcast is checked at run time, so it is written out.
// EXPECT: (no viable )?conversion from .*PyAny>. to (non-scalar type )?.*Bound<.*PyList>
#include "adder/adder.hpp"

using namespace adder;

Borrowed<PyList> probe(const Bound<PyAny>& any) {
#if ADDER_MUST_NOT_COMPILE
  const Bound<PyList> list = any;
  return list;
#else
  return any.downcast<PyList>();
#endif
}
