// SPDX-License-Identifier: MIT
// A Py is not assigned from another one: counting needs the GIL, hence clone_ref(py).
// EXPECT: (use of deleted function .*::Py<.*operator=|selected deleted operator .=)
#include "adder/adder.hpp"

using namespace adder;

void probe([[maybe_unused]] Python py, Py<PyAny>& target, const Py<PyAny>& source) {
#if ADDER_MUST_NOT_COMPILE
  target = source;
#else
  target = source.clone_ref(py);
#endif
}
