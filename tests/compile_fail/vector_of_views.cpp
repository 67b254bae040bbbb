// SPDX-License-Identifier: MIT
// Views into the items of a sequence would outlive the items: a vector of them is refused.
// EXPECT: adder: a container of views would outlive the items
#include "adder/adder.hpp"
#include "adder/stl/string.hpp"
#include "adder/stl/vector.hpp"

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>
using namespace adder;
#if ADDER_MUST_NOT_COMPILE
using Item = std::string_view;
#else
using Item = std::string;
#endif
std::size_t count(const std::vector<Item>& items) { return items.size(); }
ADDER_MODULE(probe, m) { m.def<&count>("count"); }
