// SPDX-License-Identifier: MIT
// ADDER_TRY takes a PyResult: what throws its errors has none to take.
// EXPECT: adder: ADDER_TRY takes a PyResult, and this is none. What throws needs no ADDER_TRY
#include "adder/adder.hpp"

using namespace adder;

PyResult<int> probe(Python py) {
#if ADDER_MUST_NOT_COMPILE
  ADDER_TRY(auto list, PyList::new_(py, 1, 2));
#else
  auto list = PyList::new_(py, 1, 2);
#endif
  return static_cast<int>(list.len());
}
