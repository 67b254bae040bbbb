// SPDX-License-Identifier: MIT
// A cell outlives what its initialiser looked at, also where a struct leads there.
// EXPECT: adder: a GILOnceCell keeps its value: a pointer, reference or view in it may lead to what is gone
#include "adder/adder.hpp"

#include <span>
#include <vector>

using namespace adder;

struct Table {
  int width;
#if ADDER_MUST_NOT_COMPILE
  std::span<const int> cells;
#else
  std::vector<int> cells;
#endif
};

int probe(Python py) {
  static constinit GILOnceCell<Table> cell;
  return cell.get_or_init(py, [] { return Table{2, {}}; }).width;
}
