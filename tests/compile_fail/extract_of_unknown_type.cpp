// SPDX-License-Identifier: MIT
// Extracting a type nobody taught adder about names the missing conversion.
// EXPECT: adder: no conversion from a Python object to T
// EXPECT: Specialise adder::FromPyObject<T>
// EXPECT: Unknown
#include "adder/adder.hpp"

using namespace adder;

struct Unknown {};
#if ADDER_MUST_NOT_COMPILE
using Target = Unknown;
#else
using Target = int;
#endif

Target probe(const Bound<PyAny>& any) { return any.extract<Target>(); }
