// SPDX-License-Identifier: MIT
// An older C++ is refused in words, before the errors of what it does not know.
// WRONG FLAGS: -std=c++17
// FIRST: adder: C..20 is needed: compile with -std=c..20 or newer
#include "adder/adder.hpp"

int probe(const adder::Bound<adder::PyAny>& object) { return object.extract<int>(); }
