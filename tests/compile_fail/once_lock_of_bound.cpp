// SPDX-License-Identifier: MIT
// A lock outlives the GIL's hold, so what it stores may not be tied to it.
// EXPECT: adder: a PyOnceLock outlives the GIL, so it cannot hold a token or a GIL-bound handle: hold Py<T>
#include "adder/adder.hpp"
#include "adder/sync/once_lock.hpp"

using namespace adder;

#if ADDER_MUST_NOT_COMPILE
using Handle = Bound<PyAny>;
#else
using Handle = Py<PyAny>;
#endif

bool probe(const Bound<PyAny>& object) {
  PyOnceLock<Handle> lock;
  return lock.set(object.py(), Handle(object));
}
