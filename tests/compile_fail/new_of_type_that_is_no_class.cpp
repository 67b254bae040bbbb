// SPDX-License-Identifier: MIT
// new_ makes objects of pyclasses; a list is made by PyList.
// EXPECT: adder: new_ makes objects of pyclasses; other types have constructors of their own
#include "adder/adder.hpp"

using namespace adder;

auto probe(Python py) {
#if ADDER_MUST_NOT_COMPILE
  return Bound<PyList>::new_(py, 1, 2);
#else
  return PyList::new_(py, 1, 2);
#endif
}
