// SPDX-License-Identifier: MIT
// *args is a Python object, which nobody may touch without the GIL.
// EXPECT: this type is not Ungil
#include "adder/adder.hpp"

using namespace adder;

int count(const Args& all) { return static_cast<int>(all->len()); }

void probe(ModuleBuilder& m) {
#if ADDER_MUST_NOT_COMPILE
  m.def<&count>("count", release_gil);
#else
  m.def<&count>("count");
#endif
}
