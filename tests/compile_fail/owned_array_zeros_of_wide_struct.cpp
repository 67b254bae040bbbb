// SPDX-License-Identifier: MIT
// calloc aligns for all but structs that ask for more.
// EXPECT: adder: OwnedArray::zeros of a struct that asks for more alignment than its memory has
#include "adder/array/owned_array.hpp"

using namespace adder;

#if ADDER_MUST_NOT_COMPILE
struct alignas(64) Wide {
#else
struct Wide {
#endif
  double v[8];
};
template <>
struct adder::ArrayElement<Wide> : adder::ElementFields<Wide, Field<"v", &Wide::v>> {};

OwnedArray<Wide> probe() { return OwnedArray<Wide>::zeros(3); }
