// SPDX-License-Identifier: MIT
// What Python passes is converted to what the parameters say. `auto` says nothing.
// FIRST: adder: def takes no generic lambda.* Write them: \[\]\(int x\)
#include "adder/adder.hpp"

using namespace adder;

void probe(ModuleBuilder& m) {
#if ADDER_MUST_NOT_COMPILE
  m.def<[](auto x) { return x + 1; }>("next");
#else
  m.def<[](int x) { return x + 1; }>("next");
#endif
}
