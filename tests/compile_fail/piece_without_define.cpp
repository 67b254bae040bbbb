// SPDX-License-Identifier: MIT
// What is added to a class is a piece of a binding.
// FIRST: adder: add\(piece\): this is no piece of a binding of this class
#include "adder/adder.hpp"

using namespace adder;

struct Counter {
  int total = 0;
};

struct Totals {
#if ADDER_MUST_NOT_COMPILE
  template <class T>
  void bind(ClassBuilder<T>& cls) const {
#else
  template <class T>
  void define(ClassBuilder<T>& cls) const {
#endif
      cls.template getter<&T::total>("total");
}
}
;

template <>
struct adder::PyClass<Counter> {
  static constexpr auto name = "Counter";
  static void define(ClassBuilder<Counter>& cls) { cls.add(Totals{}); }
};

void probe(Python py) { (void)Bound<Counter>::new_(py); }
