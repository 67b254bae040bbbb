// SPDX-License-Identifier: MIT
// What tests use to look at reference counts.
#pragma once
#include "adder/adder.hpp"

namespace test {

/// A new object that nobody else refers to, of a type that is not immortal and has no free list.
inline adder::Bound<adder::PyAny> fresh(adder::Python py) {
  return py.eval("type('Fresh', (), {'__slots__': ('__weakref__',)})()");
}

/// Lets this thread hear of the references that others have dropped, of objects that it made: without a GIL they leave
/// word, which is read between two pieces of Python code.
inline void settle([[maybe_unused]] adder::Python py) {
#if defined(Py_GIL_DISABLED)
  (void)py.eval("None");
#endif
}

/// The blocks that Python's allocator has handed out.
inline Py_ssize_t allocated_blocks(adder::Python py) {
  using namespace adder::literals;
  return py.import("sys").call_method("getallocatedblocks"_s).extract<Py_ssize_t>();
}

/// The reference count.
template <class Handle>
Py_ssize_t count(const Handle& handle) {
  return Py_REFCNT(handle.as_ptr());
}

}  // namespace test
