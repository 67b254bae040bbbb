// SPDX-License-Identifier: MIT
// A raw object pointer does not cross allow_threads.
// EXPECT: not Ungil: it is, or holds, something tied to the GIL
// EXPECT: is_ungil<(const )?_object ?.
#include "adder/adder.hpp"

using namespace adder;

void probe(Python py, const Bound<PyAny>& object) {
#if ADDER_MUST_NOT_COMPILE
  py.allow_threads([](::PyObject*) {}, object.as_ptr());
#else
  py.allow_threads([](const Py<PyAny>&) {}, Py<PyAny>(object));
#endif
}
