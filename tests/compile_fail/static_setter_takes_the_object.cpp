// SPDX-License-Identifier: MIT
// An attribute of the class has no object to look at.
// FIRST: adder: a static_setter takes one argument, and no object
#include "adder/adder.hpp"
#include "adder/class/static_property.hpp"  // IWYU pragma: keep (static_setter)

using namespace adder;

struct Counter {
  int total = 0;
};
#if ADDER_MUST_NOT_COMPILE
void set_limit(Counter&, int) {}
#else
void set_limit(int) {}
#endif

template <>
struct adder::PyClass<Counter> {
  static constexpr auto name = "Counter";
  static void define(ClassBuilder<Counter>& cls) { cls.static_setter<&set_limit>("limit"); }
};

void probe(Python py) { (void)Bound<Counter>::new_(py); }
