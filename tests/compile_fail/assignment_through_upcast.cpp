// SPDX-License-Identifier: MIT
// Nothing is assigned through an upcast: the list would become a str.
// EXPECT: ((invalid user-defined conversion|no viable conversion) from .*Bound<.*PyList>. to .*Bound<.*PyAny>|binding reference of type .*Bound<.*PyAny>&. to .*UpcastTarget<.*PyList>.*discards qualifiers)
#include "adder/adder.hpp"

using namespace adder;

bool probe(Bound<PyList>& list) {
#if ADDER_MUST_NOT_COMPILE
  Bound<PyAny>& any = list;
#else
  const Bound<PyAny>& any = list;
#endif
  return any.is_none();
}
