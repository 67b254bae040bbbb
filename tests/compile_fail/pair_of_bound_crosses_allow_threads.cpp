// SPDX-License-Identifier: MIT
// A pair with a handle in it does not cross allow_threads.
// EXPECT: not Ungil: it is, or holds, something tied to the GIL
// EXPECT: is_ungil<(const )?std::pair<int, adder::[a-z0-9_:]*Bound<
#include "adder/adder.hpp"

#include <utility>

using namespace adder;

#if ADDER_MUST_NOT_COMPILE
using Handle = Bound<PyAny>;
#else
using Handle = Py<PyAny>;
#endif

void probe(Python py, const std::pair<int, Handle>& value) {
  py.allow_threads([](const auto&) {}, value);
}
