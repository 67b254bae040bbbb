// SPDX-License-Identifier: MIT
// The first error is the one in the lambda, and not what adder makes of it.
// FIRST: (in 'x', which is of non-class type 'int'|member reference base type 'int')
#include "adder/adder.hpp"

using namespace adder;

#if ADDER_MUST_NOT_COMPILE
inline constexpr auto size_of = [](auto x) { return x.size(); };
#else
inline constexpr auto size_of = [](auto x) { return sizeof(x); };
#endif

void probe(ModuleBuilder& m) {
  m.def<[](int x) { return size_of(x); }>("size_of");
}
