// SPDX-License-Identifier: MIT
// What tests use to look at reference counts.
#pragma once
#include "adder/adder.hpp"

namespace test {

/// A new object that nobody else refers to, of a type that is not immortal and has no free list.
inline adder::Bound<adder::PyAny> fresh(adder::Python py) {
  return py.eval("type('Fresh', (), {'__slots__': ('__weakref__',)})()");
}

/// The reference count.
template <class Handle>
Py_ssize_t count(const Handle& handle) {
  return Py_REFCNT(handle.as_ptr());
}

}  // namespace test
