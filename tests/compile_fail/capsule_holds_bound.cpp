// SPDX-License-Identifier: MIT
// A capsule dies whenever Python wants it to; the handle in it was good for one attachment.
// EXPECT: adder: a capsule may not hold a token or a GIL-bound handle
#include "adder/adder.hpp"

#include <utility>

using namespace adder;
Bound<PyCapsule> probe(Python py, Bound<PyList> list) {
#if ADDER_MUST_NOT_COMPILE
  return PyCapsule::new_(py, std::pair(1, std::move(list)), "probe");
#else
  return PyCapsule::new_(py, std::pair(1, std::move(list).unbind()), "probe");
#endif
}
