// SPDX-License-Identifier: MIT
// Constraints that contradict each other.
// EXPECT: adder: Array<T, ...> takes one of c_order and f_order
#include "adder/array/array.hpp"

#include <cstddef>

using namespace adder;

#if ADDER_MUST_NOT_COMPILE
using Plane = Array<double, ndim<2>, c_order, f_order>;
#else
using Plane = Array<double, ndim<2>, c_order>;
#endif
std::size_t probe(const Plane& a) { return a.size(); }
