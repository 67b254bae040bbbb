// SPDX-License-Identifier: MIT
// Items with strides are no span. Whoever asks for the order may have one.
// EXPECT: adder: as_span\(\) of an array whose items need not lie side by side: ask for Array<T, c_order>
#include "adder/adder.hpp"
#include "adder/array/array.hpp"

#include <cstddef>

using namespace adder;

#if ADDER_MUST_NOT_COMPILE
std::size_t size(const Array<const double>& a) { return a.as_span().size(); }
#else
std::size_t size(const Array<const double, c_order>& a) { return a.as_span().size(); }
#endif

void probe(ModuleBuilder& m) { m.def<&size>("size"); }
