// SPDX-License-Identifier: MIT
// A PyResult may hold an error, so it is not ignored.
// EXPECT: ignoring return(ed)? value of (type .*PyResult<|function declared with .nodiscard.)
// FLAGS: -Werror=unused-result -Werror=unused-value
#include "adder/adder.hpp"

using namespace adder;

void probe(const Bound<PyAny>& object) {
#if ADDER_MUST_NOT_COMPILE
  object.try_extract<int>();
#else
  if (object.try_extract<int>().is_err()) return;
#endif
}
