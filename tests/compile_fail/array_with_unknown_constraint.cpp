// SPDX-License-Identifier: MIT
// What is no constraint is not passed over.
// EXPECT: adder: Array<T, ...> takes shape<...>, ndim<N>, c_order, f_order and device<...>
#include "adder/array/array.hpp"

#include <cstddef>

using namespace adder;

#if ADDER_MUST_NOT_COMPILE
using Plane = Array<double, int>;
#else
using Plane = Array<double, ndim<2>>;
#endif
std::size_t probe(const Plane& a) { return a.size(); }
