// SPDX-License-Identifier: MIT
// One mark says it of all that follow.
// EXPECT: KwOnly stands twice
#include "adder/adder.hpp"
#include "adder/class/data_class.hpp"

using namespace adder;

struct Pair {
  int a = 0, b = 0;
};

template <>
struct adder::PyClass<Pair>
#if ADDER_MUST_NOT_COMPILE
    : DataClass<Pair, KwOnly, Field<"a", &Pair::a>, KwOnly, Field<"b", &Pair::b>>
#else
    : DataClass<Pair, KwOnly, Field<"a", &Pair::a>, Field<"b", &Pair::b>>
#endif
{
  static constexpr auto name = "Pair";
};

void probe(Python py) { (void)PyTypeInfo<Pair>::type_object(), (void)py; }
