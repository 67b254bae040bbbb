// SPDX-License-Identifier: MIT
// There is no token without proof: it cannot be default-constructed.
// EXPECT: no matching (function for call to .*Python::Python|constructor for initialization of .(adder::)?Python)
#include "adder/adder.hpp"

using namespace adder;

void probe(Python proof) {
#if ADDER_MUST_NOT_COMPILE
  Python py{};
#else
  Python py{proof};
#endif
  (void)py.None();
}
