// SPDX-License-Identifier: MIT
// A bound function takes handles, no raw object pointers.
// FIRST: adder: no conversion from a Python object to T: a raw PyObject. does not say who owns it
#include "adder/adder.hpp"

using namespace adder;

#if ADDER_MUST_NOT_COMPILE
bool is_none(::PyObject* object) { return object == Py_None; }
#else
bool is_none(const Bound<PyAny>& object) { return object.is_none(); }
#endif

void probe(ModuleBuilder& m) { m.def<&is_none>("is_none"); }
