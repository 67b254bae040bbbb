// SPDX-License-Identifier: MIT
// PyList is the name of a type. What a function takes, and what it returns, is a handle.
// FIRST: adder: PyList and its kin are the names of Python's types, and no objects: take const Bound<PyList>&
#include "adder/adder.hpp"

#include <cstddef>

using namespace adder;

#if ADDER_MUST_NOT_COMPILE
int probe_length(PyList) { return 0; }
#else
std::size_t probe_length(const Bound<PyList>& list) { return list.len(); }
#endif

void probe(ModuleBuilder& m) { m.def<&probe_length>("length", arg("list")); }
