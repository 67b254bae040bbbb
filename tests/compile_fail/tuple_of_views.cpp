// SPDX-License-Identifier: MIT
// The items of a list may be gone before the pair is used.
// EXPECT: a pair or tuple of views would outlive
#include "adder/adder.hpp"
#include "adder/stl/pair.hpp"
#include "adder/stl/string.hpp"

#include <string>
#include <string_view>
#include <utility>

using namespace adder;

#if ADDER_MUST_NOT_COMPILE
using Pair = std::pair<std::string_view, int>;
#else
using Pair = std::pair<std::string, int>;
#endif

int second(const Pair& pair) { return pair.second; }

void probe(ModuleBuilder& m) { m.def<&second>("second"); }
