// SPDX-License-Identifier: MIT
// What the block of with() returns has to live longer than the block.
// EXPECT: adder: the function of with\(\) returns a value
#include "adder/adder.hpp"
using namespace adder;
#if ADDER_MUST_NOT_COMPILE
using Result = const Bound<PyAny>&;
#else
using Result = Bound<PyAny>;
#endif
void probe(const Bound<PyAny>& manager) {
  (void)with(manager, [](const Bound<PyAny>& value) -> Result { return value; });
}
