// SPDX-License-Identifier: MIT
// A bound function takes handles by const reference: what it assigned to one would go nowhere.
// EXPECT: a bound function cannot change its argument through T&
#include "adder/adder.hpp"

using namespace adder;

#if ADDER_MUST_NOT_COMPILE
bool is_none(Bound<PyAny>& object) { return object.is_none(); }
#else
bool is_none(const Bound<PyAny>& object) { return object.is_none(); }
#endif

void probe(ModuleBuilder& m) { m.def<&is_none>("is_none"); }
