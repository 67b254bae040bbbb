// SPDX-License-Identifier: MIT
// A token on the heap would outlive its scope.
// EXPECT: (use of deleted function .*Python::operator new|call to deleted function .operator new)
#include "adder/adder.hpp"

using namespace adder;

void probe(Python py) {
#if ADDER_MUST_NOT_COMPILE
  auto* kept = new Python(py);
#else
  auto* kept = &py;
#endif
  (void)kept->None();
}
