// SPDX-License-Identifier: MIT
// Nobody knows what the constructor does with what it is given.
// EXPECT: the fields of this class cannot be set
#include "adder/adder.hpp"
#include "adder/class/data_class.hpp"

using namespace adder;

struct Celsius {
  explicit Celsius(double fahrenheit) : degrees((fahrenheit - 32) / 1.8) {}
#if !ADDER_MUST_NOT_COMPILE
  Celsius() = default;
#endif
  double degrees = 0;
};

template <>
struct adder::PyClass<Celsius> : DataClass<Celsius, Field<"degrees", &Celsius::degrees>> {
  static constexpr auto name = "Celsius";
};

void probe(Python py) { (void)PyTypeInfo<Celsius>::type_object(), (void)py; }
