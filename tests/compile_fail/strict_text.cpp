// SPDX-License-Identifier: MIT
// Being strict is about numbers: text is not converted from anything else.
// EXPECT: strict\(\) is for parameters of bool, integer and floating-point types
#include "adder/adder.hpp"

#include <cstddef>
#include <string_view>

using namespace adder;

std::size_t length(std::string_view text) { return text.size(); }

void probe(ModuleBuilder& m) {
#if ADDER_MUST_NOT_COMPILE
  m.def<&length>("length", arg("text").strict());
#else
  m.def<&length>("length", arg("text"));
#endif
}
