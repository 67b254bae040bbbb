// SPDX-License-Identifier: MIT
// Python knows no such type.
// FIRST: adder: a parameter of a C.. function that calls Python does not convert into a Python object
#include "adder/adder.hpp"
#include "adder/stl/functional.hpp"

#include <functional>

using namespace adder;

struct Unknown {};

#if ADDER_MUST_NOT_COMPILE
void f(const std::function<void(Unknown)>& g) { g({}); }
#else
void f(const std::function<void(int)>& g) { g(1); }
#endif

void probe(ModuleBuilder& m) { m.def<&f>("f"); }
