// SPDX-License-Identifier: MIT
// A handle does not cross allow_threads by reference either.
// EXPECT: not Ungil: it is, or holds, something tied to the GIL
// EXPECT: is_ungil<(const )?adder::[a-z0-9_:]*Bound<
#include "adder/adder.hpp"

using namespace adder;

#if ADDER_MUST_NOT_COMPILE
using Handle = Bound<PyAny>;
#else
using Handle = Py<PyAny>;
#endif

void probe(Python py, const Handle& value) {
  py.allow_threads([](const auto&) {}, value);
}
