// SPDX-License-Identifier: MIT
// unbind() takes a handle's reference away: not from one that stays.
// EXPECT: write std::move\(handle\).unbind\(\), or Py<T>\(handle\) for one more
#include "adder/adder.hpp"

using namespace adder;

Py<PyList> probe(const Bound<PyList>& list) {
#if ADDER_MUST_NOT_COMPILE
  return list.unbind();
#else
  return Py<PyList>(list);
#endif
}
