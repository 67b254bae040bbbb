// SPDX-License-Identifier: MIT
// A static attribute is that of all classes that inherit it.
// FIRST: adder: static_getter and static_setter: the function cannot take .* ThisClass
#include "adder/adder.hpp"
#include "adder/class/static_property.hpp"  // IWYU pragma: keep (static_getter)

using namespace adder;

struct Counter {
  int total = 0;
};
#if ADDER_MUST_NOT_COMPILE
int limit_of(ThisClass) { return 0; }
#else
int limit_of() { return 0; }
#endif

template <>
struct adder::PyClass<Counter> {
  static constexpr auto name = "Counter";
  static void define(ClassBuilder<Counter>& cls) { cls.static_getter<&limit_of>("limit"); }
};

void probe(Python py) { (void)Bound<Counter>::new_(py); }
