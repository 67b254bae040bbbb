// SPDX-License-Identifier: MIT
// A span over handles does not cross allow_threads.
// EXPECT: not Ungil: it is, or holds, something tied to the GIL
// EXPECT: is_ungil<(const )?std::span<(const )?adder::[a-z0-9_:]*Bound<
#include "adder/adder.hpp"

#include <span>

using namespace adder;

#if ADDER_MUST_NOT_COMPILE
using Handle = Bound<PyAny>;
#else
using Handle = Py<PyAny>;
#endif

void probe(Python py, std::span<const Handle> value) {
  py.allow_threads([](const auto&) {}, value);
}
