// SPDX-License-Identifier: MIT
// A time of a clock that begins anywhere means nothing to Python; a duration does.
// FIRST: adder: no conversion from a Python object to T: the time of this clock means nothing to Python. Take a std::chrono duration
#include "adder/adder.hpp"
#include "adder/stl/chrono.hpp"

#include <chrono>

using namespace adder;

using Time = std::chrono::steady_clock::time_point;
#if ADDER_MUST_NOT_COMPILE
bool f(Time start) { return start > Time(); }
#else
bool f(Time::duration since) { return since > Time::duration(); }
#endif

void probe(ModuleBuilder& m) { m.def<&f>("f"); }
