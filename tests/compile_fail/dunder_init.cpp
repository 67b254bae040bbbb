// SPDX-License-Identifier: MIT
// Construction has words of its own, which the message names.
// FIRST: adder: __init__ is bound by cls.def_init<&T::init>
#include "adder/adder.hpp"

using namespace adder;

struct Counter {
  int total = 0;
  void init() { total = 0; }
};
template <>
struct adder::PyClass<Counter> {
  static constexpr auto name = "Counter";
  static void define(ClassBuilder<Counter>& cls) {
    cls.def_new<>();
#if ADDER_MUST_NOT_COMPILE
    cls.def<"__init__", &Counter::init>();
#else
    cls.def_init<&Counter::init>();
#endif
  }
};

void probe(ModuleBuilder& m) { m.add_class<Counter>(); }
