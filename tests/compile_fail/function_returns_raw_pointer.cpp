// SPDX-License-Identifier: MIT
// A bound function returns a handle: a raw pointer does not say who owns the reference.
// FIRST: adder: no conversion from T to a Python object: return a handle instead of a raw PyObject
#include "adder/adder.hpp"

using namespace adder;

#if ADDER_MUST_NOT_COMPILE
::PyObject* make(Python) { return PyList_New(0); }
#else
Bound<PyList> make(Python py) { return PyList::empty(py); }
#endif

void probe(ModuleBuilder& m) { m.def<&make>("make"); }
