// SPDX-License-Identifier: MIT
// Nothing can be assigned through an upcast, also not through an rvalue reference: the list's handle would then refer
// to an object of another type.
// EXPECT: (cannot bind rvalue reference of type|no viable conversion from 'Bound<adder::PyList>' to)
#include <utility>
#include "adder/adder.hpp"
using namespace adder;
void probe(Bound<PyList>& list, const Bound<PyAny>& text) {
#if ADDER_MUST_NOT_COMPILE
  Bound<PyAny>&& any = std::move(list);
#else
  Bound<PyAny> any = std::move(list);
#endif
  any = text;
}
