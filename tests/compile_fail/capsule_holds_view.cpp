// SPDX-License-Identifier: MIT
// A capsule outlives the text that a view shows.
// EXPECT: adder: a capsule keeps its value: a pointer, reference or view in it may lead to what is gone
#include "adder/adder.hpp"

#include <string>
#include <string_view>
#include <utility>

using namespace adder;

Bound<PyCapsule> probe(Python py, std::string_view text) {
#if ADDER_MUST_NOT_COMPILE
  return PyCapsule::new_(py, std::pair(1, text), "probe");
#else
  return PyCapsule::new_(py, std::pair(1, std::string(text)), "probe");
#endif
}
