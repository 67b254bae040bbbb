// SPDX-License-Identifier: MIT
// The memory is held by the array.
// EXPECT: (use of deleted function|attempt to use a deleted function|call to deleted member function)
#include "adder/array/array.hpp"

#include <cstddef>

using namespace adder;

std::size_t size(const Bound<PyAny>& object) {
#if ADDER_MUST_NOT_COMPILE
  const auto view = Array<const double>::get(object).value().view();
  return view.size();
#else
  const auto array = Array<const double>::get(object).value();
  return array.view().size();
#endif
}
