// SPDX-License-Identifier: MIT
// A Borrowed made from a temporary would outlive its owner.
// EXPECT: (use of deleted function .*Borrowed<|invokes a deleted function|call to deleted constructor of .*Borrowed<)
// EXPECT: The owner dies at the end of the expression
#include "adder/adder.hpp"

using namespace adder;

bool probe(Python py) {
#if ADDER_MUST_NOT_COMPILE
  const Borrowed<PyAny> object = py.eval("[]");
#else
  const Bound<PyAny> owner = py.eval("[]");
  const Borrowed<PyAny> object = owner;
#endif
  return object.is_none();
}
