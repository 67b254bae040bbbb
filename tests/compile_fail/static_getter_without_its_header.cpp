// SPDX-License-Identifier: MIT
// How attributes of a class are computed is in a header that adder.hpp does not include.
// EXPECT: adder: static_getter needs its header
#include "adder/adder.hpp"
#if !ADDER_MUST_NOT_COMPILE
#include "adder/class/static_property.hpp"  // IWYU pragma: keep (static_getter)
#endif

using namespace adder;

struct Counter {
  static int count() { return 0; }
};

template <>
struct adder::PyClass<Counter> {
  static constexpr auto name = "Counter";
  static void define(ClassBuilder<Counter>& cls) { cls.static_getter<&Counter::count>("count"); }
};

void probe(Python py) { (void)Bound<Counter>::new_(py); }
