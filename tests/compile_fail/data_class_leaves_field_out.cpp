// SPDX-License-Identifier: MIT
// A pickle would lose it without a word.
// EXPECT: leaves a field of the struct out
#include "adder/adder.hpp"
#include "adder/class/data_class.hpp"

using namespace adder;

struct Pair {
  int a = 0, b = 0;
};

template <>
struct adder::PyClass<Pair>
#if ADDER_MUST_NOT_COMPILE
    : DataClass<Pair, Field<"a", &Pair::a>>
#else
    : DataClass<Pair, Field<"a", &Pair::a>, Field<"b", &Pair::b>>
#endif
{
  static constexpr auto name = "Pair";
};

void probe(Python py) { (void)PyTypeInfo<Pair>::type_object(), (void)py; }
