// SPDX-License-Identifier: MIT
// What is named by a number is an item.
// EXPECT: adder: an attribute's name is text
#include "adder/adder.hpp"
using namespace adder;
#if ADDER_MUST_NOT_COMPILE
Bound<PyAny> probe(const Bound<PyAny>& any) { return any.attr(0); }
#else
Bound<PyAny> probe(const Bound<PyAny>& any) { return any[0]; }
#endif
