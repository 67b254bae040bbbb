// SPDX-License-Identifier: MIT
// A Py is not copied silently: counting needs the GIL, hence clone_ref(py).
// EXPECT: (use of deleted function .*::Py<|call to deleted constructor of .*Py<)
// EXPECT: write clone_ref.py
#include "adder/adder.hpp"

using namespace adder;

void probe([[maybe_unused]] Python py, const Py<PyAny>& object) {
#if ADDER_MUST_NOT_COMPILE
  Py<PyAny> copy = object;
#else
  Py<PyAny> copy = object.clone_ref(py);
#endif
}
