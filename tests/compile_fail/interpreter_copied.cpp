// SPDX-License-Identifier: MIT
// One interpreter runs in a process, and one object ends it.
// EXPECT: (use of deleted function|call to deleted constructor)
#include "adder/embed/interpreter.hpp"

using namespace adder;

void keep(const Interpreter& running);

void probe() {
  Interpreter running;
#if ADDER_MUST_NOT_COMPILE
  const Interpreter copy = running;
  keep(copy);
#else
  keep(running);
#endif
}
