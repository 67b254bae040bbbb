// SPDX-License-Identifier: MIT
// A const char* does not say how long the text lives.
// FIRST: adder: no conversion from a Python object to T: a const char. .* Take std::string_view; or std::string
#include "adder/adder.hpp"

#include <string_view>

using namespace adder;

#if ADDER_MUST_NOT_COMPILE
bool f(const char* text) { return text[0] != 0; }
#else
bool f(std::string_view text) { return !text.empty(); }
#endif

void probe(ModuleBuilder& m) { m.def<&f>("f"); }
