// SPDX-License-Identifier: MIT
// cast asks for a Python type, as PyO3's does; extract makes a C++ value.
// FIRST: adder: T is a C.. value, and no Python type: x.extract<T>.. converts to it
#include "adder/adder.hpp"

using namespace adder;

int probe(const Bound<PyAny>& object) {
#if ADDER_MUST_NOT_COMPILE
  return object.cast<int>();
#else
  return object.extract<int>();
#endif
}
