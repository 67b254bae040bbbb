// SPDX-License-Identifier: MIT
// The iterators of a typed view rely on the view.
// EXPECT: (use of deleted function .*begin|call to deleted member function 'begin')
#include "adder/adder.hpp"
#include "adder/types/typed.hpp"
using namespace adder;
int probe(const Bound<PyList>& list) {
#if ADDER_MUST_NOT_COMPILE
  const auto first = list.as<int>().begin();
#else
  const auto view = list.as<int>();
  const auto first = view.begin();
#endif
  return *first;
}
