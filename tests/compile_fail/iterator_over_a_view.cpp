// SPDX-License-Identifier: MIT
// An iterator outlives the call that makes it, and with it what a view shows.
// EXPECT: adder: make_iterator: the range is a view of something else
#include "adder/adder.hpp"
#include "adder/class/iterate.hpp"

#include <initializer_list>
#include <vector>

using namespace adder;

Bound<PyAny> numbers(Python py) {
#if ADDER_MUST_NOT_COMPILE
  const std::initializer_list<int> listed = {1, 2, 3};
  return make_iterator(py, listed);
#else
  return make_iterator(py, std::vector<int>{1, 2, 3});
#endif
}
