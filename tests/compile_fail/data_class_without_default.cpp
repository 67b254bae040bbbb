// SPDX-License-Identifier: MIT
// The value that is left out would be nobody's.
// EXPECT: the class has no default constructor
#include "adder/adder.hpp"
#include "adder/class/data_class.hpp"

using namespace adder;

struct Pair {
  Py<PyAny> a;
  int b = 0;
};

template <>
struct adder::PyClass<Pair>
#if ADDER_MUST_NOT_COMPILE
    : DataClass<Pair, Field<"a", &Pair::a>, OptionalField<"b", &Pair::b>>
#else
    : DataClass<Pair, Field<"a", &Pair::a>, Field<"b", &Pair::b>>
#endif
{
  static constexpr auto name = "Pair";
};

void probe(Python py) { (void)PyTypeInfo<Pair>::type_object(), (void)py; }
