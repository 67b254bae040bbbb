// SPDX-License-Identifier: MIT
// A member function has a receiver, which is no array.
// EXPECT: adder: vectorize<f>: f is a free function
#include "adder/adder.hpp"

#include "adder/array/vectorize.hpp"

using namespace adder;

struct Scale {
  double times(double x) const { return 2 * x; }
};
#if ADDER_MUST_NOT_COMPILE
inline constexpr auto times = &Scale::times;
#else
inline constexpr auto times = [](double x) { return Scale().times(x); };
#endif
void probe(ModuleBuilder& m) { m.def<vectorize<times>>("times"); }
