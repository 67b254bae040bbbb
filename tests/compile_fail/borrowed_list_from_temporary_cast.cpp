// SPDX-License-Identifier: MIT
// Casting a temporary moves its reference into the result, from which nobody borrows then.
// EXPECT: (use of deleted function .*Borrowed<|invokes a deleted function|call to deleted constructor of .*Borrowed<)
#include "adder/adder.hpp"

#include <cstddef>

using namespace adder;

std::size_t probe(Python py) {
#if ADDER_MUST_NOT_COMPILE
  const Borrowed<PyList> list = py.eval("[]").downcast<PyList>();
#else
  const Bound<PyList> list = py.eval("[]").downcast<PyList>();
#endif
  return list.len();
}
