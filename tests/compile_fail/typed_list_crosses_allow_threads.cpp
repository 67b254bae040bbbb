// SPDX-License-Identifier: MIT
// A typed view reads Python objects at each step, and holds a Bound.
// EXPECT: adder: this type is not Ungil
// EXPECT: TypedList<int>
#include "adder/adder.hpp"
#include "adder/stl/vector.hpp"
#include "adder/types/typed.hpp"  // IWYU pragma: keep (as<int>)

#include <vector>
using namespace adder;
int probe(Python py, const Bound<PyList>& list) {
#if ADDER_MUST_NOT_COMPILE
  const auto numbers = list.as<int>();
#else
  const auto numbers = list.extract<std::vector<int>>();
#endif
  return py.allow_threads(
      [](const auto& all) {
        int sum = 0;
        for (const int number : all) sum += number;
        return sum;
      },
      numbers);
}
