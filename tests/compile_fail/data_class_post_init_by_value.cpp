// SPDX-License-Identifier: MIT
// What it changes would be a copy.
// EXPECT: adder: post_init takes the value by reference
#include "adder/adder.hpp"
#include "adder/class/data_class.hpp"

using namespace adder;

struct Pair {
  int a = 0, b = 0;
};

template <>
struct adder::PyClass<Pair> : DataClass<Pair, Field<"a", &Pair::a>, Field<"b", &Pair::b>> {
  static constexpr auto name = "Pair";
#if ADDER_MUST_NOT_COMPILE
  static void post_init(Pair pair) { pair.a = 1; }
#else
  static void post_init(Pair& pair) { pair.a = 1; }
#endif
};

void probe(Python py) { (void)PyTypeInfo<Pair>::type_object(), (void)py; }
