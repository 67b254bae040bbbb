// SPDX-License-Identifier: MIT
// One of two modules whose functions and classes have the same names and nothing else in common. Built without hidden
// visibility, which users forget.
#include "adder/adder.hpp"

using namespace adder;

#if ADDER_TEST_FIRST
int add(int a, int b) { return a + b; }
struct Counter {
  int value;
};
#else
int add(int a, int b) { return 1000 * (a + b); }
struct Counter {
  char padding[64] = {};
  int value;
  explicit Counter(int v) : value(v) {}
};
#endif

template <>
struct adder::PyClass<Counter> {
  static constexpr auto name = "Counter";
  static void define(ClassBuilder<Counter>& cls) { cls.def_new<int>(arg("value")); }
};

int value_of(const Counter& counter) { return counter.value; }

#if ADDER_TEST_FIRST
ADDER_MODULE(first_module, m) {
  m.def<&add>("add", arg("a"), arg("b") = 2);
#else
ADDER_MODULE(second_module, m) {
  m.def<&add>("plus", arg("x"), arg("y") = 5);
#endif
  m.def<&value_of>("read");
  m.add_class<Counter>();
}
