// SPDX-License-Identifier: MIT
// As in Python: `def __init__(a=0, b)` is no signature.
// EXPECT: a Field follows an OptionalField
#include "adder/adder.hpp"
#include "adder/class/data_class.hpp"

using namespace adder;

struct Pair {
  int a = 0, b = 0;
};

template <>
struct adder::PyClass<Pair>
#if ADDER_MUST_NOT_COMPILE
    : DataClass<Pair, OptionalField<"a", &Pair::a>, Field<"b", &Pair::b>>
#else
    : DataClass<Pair, Field<"a", &Pair::a>, Field<"b", &Pair::b>>
#endif
{
  static constexpr auto name = "Pair";
};

void probe(Python py) { (void)PyTypeInfo<Pair>::type_object(), (void)py; }
