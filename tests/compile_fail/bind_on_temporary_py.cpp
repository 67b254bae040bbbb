// SPDX-License-Identifier: MIT
// bind borrows from the Py, so a temporary one would leave it dangling.
// EXPECT: (use of deleted function .*::bind\(|call to deleted member function .bind.)
// EXPECT: write std::move.x..into_bound.py
#include "adder/adder.hpp"

using namespace adder;

Py<PyAny> find();

bool probe(Python py) {
#if ADDER_MUST_NOT_COMPILE
  const Bound<PyAny>& object = find().bind(py);
#else
  const Bound<PyAny> object = find().into_bound(py);
#endif
  return object.is_none();
}
