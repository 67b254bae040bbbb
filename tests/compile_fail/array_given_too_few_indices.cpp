// SPDX-License-Identifier: MIT
// One index for each dimension.
// EXPECT: adder: an array has one index for each of its dimensions
#include "adder/array/array.hpp"

using namespace adder;

double corner(const Array<const double, ndim<2>>& a) {
#if ADDER_MUST_NOT_COMPILE
  return a(0);
#else
  return a(0, 0);
#endif
}
