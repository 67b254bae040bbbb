// SPDX-License-Identifier: MIT
// The same for results.
// FIRST: adder: no conversion from T to a Python object: the time of this clock means nothing to Python. Return a std::chrono duration
#include "adder/adder.hpp"
#include "adder/stl/chrono.hpp"

#include <chrono>

using namespace adder;

using Time = std::chrono::steady_clock::time_point;
#if ADDER_MUST_NOT_COMPILE
Time f() { return Time(); }
#else
Time::duration f() { return Time().time_since_epoch(); }
#endif

void probe(ModuleBuilder& m) { m.def<&f>("f"); }
