// SPDX-License-Identifier: MIT
// What a mutex owns is for several threads, and they may hold no handle that is tied to the GIL.
// EXPECT: adder: what a PyMutex owns is for several threads, so it cannot be tied to the GIL: hold Py<X>
#include "adder/adder.hpp"
#include "adder/sync/py_mutex.hpp"

using namespace adder;

#if ADDER_MUST_NOT_COMPILE
using Handle = Bound<PyAny>;
#else
using Handle = Py<PyAny>;
#endif

void probe(const Bound<PyAny>& object) { const adder::PyMutex<Handle> mutex{Handle(object)}; }
