// SPDX-License-Identifier: MIT
// Nobody can see what a lambda has captured, and it may be a handle.
// EXPECT: adder: with_gil may not return a lambda with captures
#include "adder/adder.hpp"

using namespace adder;

int probe(int number) {
#if ADDER_MUST_NOT_COMPILE
  const auto made = Python::try_with_gil([number](Python) { return [number] { return number; }; });
  return made ? (*made)() : 0;
#else
  const auto made = Python::try_with_gil([number](Python) { return number; });
  return made.value_or(0);
#endif
}
