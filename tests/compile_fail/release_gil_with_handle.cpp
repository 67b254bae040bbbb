// SPDX-License-Identifier: MIT
// Without the GIL no handle may be used.
// EXPECT: this type is not Ungil
#include "adder/adder.hpp"

#include <cstddef>

using namespace adder;

std::size_t count(const Bound<PyList>& list) { return list.len(); }

void probe(ModuleBuilder& m) {
#if ADDER_MUST_NOT_COMPILE
  m.def<&count>("count", release_gil);
#else
  m.def<&count>("count");
#endif
}
