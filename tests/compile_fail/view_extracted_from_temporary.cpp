// SPDX-License-Identifier: MIT
// A view extracted from a temporary handle would point into an object that is gone.
// EXPECT: adder: the view would die with the temporary
#include "adder/adder.hpp"
#include "adder/stl/string.hpp"

#include <cstddef>
#include <string_view>
using namespace adder;
std::size_t probe(Python py) {
#if ADDER_MUST_NOT_COMPILE
  return py.eval("'text'").extract<std::string_view>().size();
#else
  const Bound<PyAny> text = py.eval("'text'");
  return text.extract<std::string_view>().size();
#endif
}
