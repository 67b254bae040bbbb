// SPDX-License-Identifier: MIT
// A raw pointer becomes a handle only under a name that says who owns the reference.
// EXPECT: (no viable )?conversion from .*Object.* to (non-scalar type )?.*Bound<.*PyAny>
#include "adder/adder.hpp"

using namespace adder;

void probe([[maybe_unused]] Python py, ::PyObject* ptr) {
#if ADDER_MUST_NOT_COMPILE
  Bound<PyAny> object = ptr;
#else
  Bound<PyAny> object = Bound<PyAny>::from_borrowed_ptr(py, ptr);
#endif
  (void)object.py();
}
