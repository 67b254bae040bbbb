// SPDX-License-Identifier: MIT
// An option that nobody can see would be ignored.
// FIRST: adder: PyClass<T>::subclass is a bool, and public
#include "adder/adder.hpp"

using namespace adder;

struct Counter {
  int total = 0;
};

template <>
struct adder::PyClass<Counter> {
  static constexpr auto name = "Counter";
#if ADDER_MUST_NOT_COMPILE
 private:
  static constexpr bool subclass = true;

 public:
#else
  static constexpr bool subclass = true;
#endif
  static void define(ClassBuilder<Counter>& cls) { cls.getter<&Counter::total>("total"); }
};

void probe(ModuleBuilder& m) { m.add_class<Counter>(); }
