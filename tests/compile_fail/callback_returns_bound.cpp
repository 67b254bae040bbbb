// SPDX-License-Identifier: MIT
// Whoever calls it need not be attached.
// FIRST: adder: a C.. function that calls Python cannot return a token or a GIL-bound handle
#include "adder/adder.hpp"
#include "adder/stl/functional.hpp"

#include <functional>

using namespace adder;

#if ADDER_MUST_NOT_COMPILE
void f(const std::function<Bound<PyAny>()>& g) { (void)g(); }
#else
void f(const std::function<Py<PyAny>()>& g) { (void)g(); }
#endif

void probe(ModuleBuilder& m) { m.def<&f>("f"); }
