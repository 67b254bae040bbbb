// SPDX-License-Identifier: MIT
// As in Python, no keyword argument is given twice.
// EXPECT: adder: a keyword argument is given twice
#include "adder/adder.hpp"
using namespace adder;
Bound<PyAny> probe(const Bound<PyAny>& f) {
#if ADDER_MUST_NOT_COMPILE
  return f(1, kw("sep"_s) = 2, kw("end"_s) = 3, kw("sep"_s) = 4);
#else
  return f(1, kw("sep"_s) = 2, kw("end"_s) = 3);
#endif
}
