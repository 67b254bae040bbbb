// SPDX-License-Identifier: MIT
// Python exceptions pass through C++ code as C++ exceptions.
// WRONG FLAGS: -fno-exceptions
// FIRST: adder: Python's exceptions are C.. exceptions: compile without -fno-exceptions
#include "adder/adder.hpp"

int probe(const adder::Bound<adder::PyAny>& object) { return object.extract<int>(); }
