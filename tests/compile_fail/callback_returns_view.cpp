// SPDX-License-Identifier: MIT
// The string that it leads to dies with the result of the call.
// FIRST: adder: a C.. function that calls Python cannot return a pointer or a view
#include "adder/adder.hpp"
#include "adder/stl/functional.hpp"
#include "adder/stl/string.hpp"

#include <functional>
#include <string>
#include <string_view>

using namespace adder;

#if ADDER_MUST_NOT_COMPILE
void f(const std::function<std::string_view()>& g) { (void)g(); }
#else
void f(const std::function<std::string()>& g) { (void)g(); }
#endif

void probe(ModuleBuilder& m) { m.def<&f>("f"); }
