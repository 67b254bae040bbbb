// SPDX-License-Identifier: MIT
// The memory of a device has no address here.
// EXPECT: adder: the memory of this array is on a device: there is nothing but its data\(\) pointer
#include "adder/array/array.hpp"

using namespace adder;

const float* first(const Array<const float, ndim<1>, device<DeviceType::cuda>>& a) {
#if ADDER_MUST_NOT_COMPILE
  return &a(0);
#else
  return a.data();
#endif
}
