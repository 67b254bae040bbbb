// SPDX-License-Identifier: MIT
// There is no empty Bound: absence is an optional.
// EXPECT: (no matching function for call to .*PyAny>::Bound|no matching constructor for initialization of .Bound<)
#include "adder/adder.hpp"

#include <optional>

using namespace adder;

#if ADDER_MUST_NOT_COMPILE
Bound<PyAny> found{};
#else
std::optional<Bound<PyAny>> found{};
#endif
