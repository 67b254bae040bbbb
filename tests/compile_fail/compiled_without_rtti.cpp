// SPDX-License-Identifier: MIT
// Exceptions are told apart by their type information.
// WRONG FLAGS: -fno-rtti
// FIRST: adder: exceptions and casts need type information at run time: compile without -fno-rtti
#include "adder/adder.hpp"

int probe(const adder::Bound<adder::PyAny>& object) { return object.extract<int>(); }
