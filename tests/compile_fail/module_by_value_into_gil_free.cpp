// SPDX-License-Identifier: MIT
// What is injected is bound to the GIL as well.
// EXPECT: this type is not Ungil
#include "adder/adder.hpp"

using namespace adder;

void nothing(const ThisModule&) {}

void probe(ModuleBuilder& m) {
#if ADDER_MUST_NOT_COMPILE
  m.def<&nothing>("nothing", release_gil);
#else
  m.def<&nothing>("nothing");
#endif
}
