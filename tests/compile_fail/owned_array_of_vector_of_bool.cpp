// SPDX-License-Identifier: MIT
// A std::vector<bool> has no bools in memory.
// EXPECT: adder: a std::vector<bool> has no array of bool
#include "adder/array/owned_array.hpp"

#include <memory>
#include <utility>
#include <vector>

using namespace adder;

#if ADDER_MUST_NOT_COMPILE
OwnedArray<bool> probe(std::vector<bool> values) { return OwnedArray<bool>(std::move(values)); }
#else
OwnedArray<bool> probe(std::unique_ptr<bool[]> values) { return OwnedArray<bool>(std::move(values), 2); }
#endif
