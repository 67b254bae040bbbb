// SPDX-License-Identifier: MIT
// Handing Python a type nobody taught adder about names the missing conversion.
// EXPECT: adder: no conversion from T to a Python object
// EXPECT: Specialise adder::IntoPyObject<T>
// EXPECT: Unknown
#include "adder/adder.hpp"

using namespace adder;

struct Unknown {};
#if ADDER_MUST_NOT_COMPILE
using Source = Unknown;
#else
using Source = int;
#endif

void probe(const Bound<PyList>& list) { list.append(Source{}); }
