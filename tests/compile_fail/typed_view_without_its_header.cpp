// SPDX-License-Identifier: MIT
// A typed view says which header it is in.
// EXPECT: adder: as<T>\(\) needs its header: #include <adder/types/typed\.hpp>
#include "adder/adder.hpp"
#if !ADDER_MUST_NOT_COMPILE
#include "adder/types/typed.hpp"  // IWYU pragma: keep (as<int>)
#endif
using namespace adder;
int probe(const Bound<PyList>& list) {
  int sum = 0;
  for (const int item : list.as<int>()) sum += item;
  return sum;
}
