// SPDX-License-Identifier: MIT
// Unchecked builds do not know what is alive: a test that found nothing there would prove nothing.
// EXPECT: adder: no_leaks needs run-time checks, which know what is alive
#undef ADDER_CHECKED
#if ADDER_MUST_NOT_COMPILE
#define ADDER_CHECKED 0
#else
#define ADDER_CHECKED 1
#endif
#include "adder/adder.hpp"
#include "adder/module/testing.hpp"

using namespace adder;

void probe(Python py) {
  no_leaks(py, [] {});
}
