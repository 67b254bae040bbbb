// SPDX-License-Identifier: MIT
// The default of a T& would be one object: what a call does to it, all later calls would see.
// EXPECT: which all calls would share and change
#include "adder/adder.hpp"

using namespace adder;

struct Total {
  int sum = 0;
};
template <>
struct adder::PyClass<Total> {
  static constexpr auto name = "Total";
  static void define(ClassBuilder<Total>& cls) { cls.def_new(); }
};
#if ADDER_MUST_NOT_COMPILE
int add(int x, Total& total) { return total.sum += x; }
#else
int add(int x, const Total& total) { return total.sum + x; }
#endif
void probe(ModuleBuilder& m) { m.def<&add>("add", arg("x"), arg("total") = Total{}); }
