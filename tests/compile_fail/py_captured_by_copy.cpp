// SPDX-License-Identifier: MIT
// A lambda does not capture a Py by copy; it may move one in.
// EXPECT: (use of deleted function .*::Py<|call to deleted constructor of .*Py<)
#include "adder/adder.hpp"

#include <utility>

using namespace adder;

void probe([[maybe_unused]] Python py, Py<PyAny>& object) {
#if ADDER_MUST_NOT_COMPILE
  auto later = [object] { (void)object.as_ptr(); };
#else
  auto later = [object = std::move(object)] { (void)object.as_ptr(); };
#endif
  later();
}
