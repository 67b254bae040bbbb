// SPDX-License-Identifier: MIT
// The token's constructor is private: it comes from with_gil, a guard, a handle or a parameter.
// EXPECT: (is private within this context|calling a private constructor of class .*Python)
#include "adder/adder.hpp"

using namespace adder;

void probe(Python proof) {
#if ADDER_MUST_NOT_COMPILE
  Python py(nullptr);
#else
  Python py(proof);
#endif
  (void)py.None();
}
