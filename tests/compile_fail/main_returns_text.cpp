// SPDX-License-Identifier: MIT
// What runs as the main function of a program returns what a program exits with.
// EXPECT: adder: a main function returns an exit status, which is an int, or nothing
#include "adder/embed/interpreter.hpp"

using namespace adder;

int probe() {
#if ADDER_MUST_NOT_COMPILE
  return run_to_exit_status([](Python) { return "done"; });
#else
  return run_to_exit_status([](Python) { return 3; });
#endif
}
