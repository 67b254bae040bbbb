// SPDX-License-Identifier: MIT
// A handle does not cross allow_threads by value; unbound it does.
// EXPECT: not Ungil: it is, or holds, something tied to the GIL
// EXPECT: is_ungil<(const )?adder::[a-z0-9_:]*Bound<
#include "adder/adder.hpp"

#include <utility>

using namespace adder;

void probe(Python py, Bound<PyAny> object) {
#if ADDER_MUST_NOT_COMPILE
  py.allow_threads([](auto) {}, std::move(object));
#else
  py.allow_threads([](auto) {}, std::move(object).unbind());
#endif
}
