// SPDX-License-Identifier: MIT
// Python's data classes say the same.
// EXPECT: order needs eq as well
#include "adder/adder.hpp"
#include "adder/class/data_class.hpp"

using namespace adder;

struct Pair {
  int a = 0, b = 0;
};
struct OrderOnly : DataClass<Pair, Field<"a", &Pair::a>, Field<"b", &Pair::b>> {
  static constexpr bool order = true, eq = false;
};

template <>
struct adder::PyClass<Pair>
#if ADDER_MUST_NOT_COMPILE
    : OrderOnly
#else
    : DataClass<Pair, Field<"a", &Pair::a>, Field<"b", &Pair::b>>
#endif
{
  static constexpr auto name = "Pair";
};

void probe(Python py) { (void)PyTypeInfo<Pair>::type_object(), (void)py; }
