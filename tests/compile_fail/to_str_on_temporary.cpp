// SPDX-License-Identifier: MIT
// The UTF-8 of a temporary string would be gone when it is looked at.
// EXPECT: (use of deleted function .*to_str|call to deleted member function 'to_str')
#include "adder/adder.hpp"

#include <string>
#include <string_view>
using namespace adder;
#if ADDER_MUST_NOT_COMPILE
std::string_view probe(const Bound<PyAny>& any) { return any.repr().to_str(); }
#else
std::string probe(const Bound<PyAny>& any) { return any.repr().to_string(); }
#endif
