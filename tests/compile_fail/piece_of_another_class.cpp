// SPDX-License-Identifier: MIT
// A piece may be for some classes only, which its define says. The compiler tells why this one is not among them.
// FIRST: adder: add\(piece\): this is no piece of a binding of this class
// EXPECT: total
#include "adder/adder.hpp"

using namespace adder;

struct Counter {
#if ADDER_MUST_NOT_COMPILE
  int sum = 0;
#else
  int total = 0;
#endif
};

struct Totals {
  template <class T>
    requires requires(T t) { t.total; }
  void define(ClassBuilder<T>& cls) const {
    cls.template getter<&T::total>("total");
  }
};

template <>
struct adder::PyClass<Counter> {
  static constexpr auto name = "Counter";
  static void define(ClassBuilder<Counter>& cls) { cls.add(Totals{}); }
};

void probe(Python py) { (void)Bound<Counter>::new_(py); }
