// SPDX-License-Identifier: MIT
// What has no fixed form in memory is no element of an array.
// EXPECT: adder: T is no type that the elements of a buffer or array may have
#include "adder/adder.hpp"
#include "adder/array/array.hpp"

#include <cstddef>
#include <string>

using namespace adder;

#if ADDER_MUST_NOT_COMPILE
using Element = std::string;
#else
using Element = double;
#endif
std::size_t size(const Array<const Element>& a) { return a.size(); }

void probe(ModuleBuilder& m) { m.def<&size>("size"); }
