// SPDX-License-Identifier: MIT
// What a snippet knows has a name there.
// EXPECT: py_run takes names as kw
#include "adder/adder.hpp"
#include "adder/module/testing.hpp"

using namespace adder;

void probe(Python py) {
#if ADDER_MUST_NOT_COMPILE
  py_run(py, "assert x == 1", 1);
#else
  py_run(py, "assert x == 1", kw("x"_s) = 1);
#endif
}
