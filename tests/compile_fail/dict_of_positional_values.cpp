// SPDX-License-Identifier: MIT
// PyDict::new_ takes named values; which key would a positional one have?
// EXPECT: adder: PyDict::new_ takes kw\(
#include "adder/adder.hpp"
using namespace adder;
#if ADDER_MUST_NOT_COMPILE
Bound<PyDict> probe(Python py) { return PyDict::new_(py, 1); }
#else
Bound<PyDict> probe(Python py) { return PyDict::new_(py, kw("one"_s) = 1); }
#endif
