// SPDX-License-Identifier: MIT
// What threads.py calls from several threads at once, bound with adder.
#include "adder/adder.hpp"
#include "threads.hpp"

using namespace adder;
using namespace threads;

template <>
struct adder::PyClass<FrozenCounter> {
  static constexpr const char* name = "FrozenCounter";
  static constexpr bool frozen = true, sync = true;
  static void define(ClassBuilder<FrozenCounter>& c) {
    c.def_new<>();
    c.def<&FrozenCounter::add>("add");
    c.def<&FrozenCounter::get>("get");
  }
};
template <>
struct adder::PyClass<Counter> {
  static constexpr const char* name = "Counter";
  static void define(ClassBuilder<Counter>& c) {
    c.def_new<>();
    c.def<&Counter::add>("add");
    c.def<&Counter::get>("get");
  }
};
template <>
struct adder::PyClass<Point> {
  static constexpr const char* name = "Point";
  static constexpr bool frozen = true, sync = true;
  static void define(ClassBuilder<Point>& c) {
    c.def_new<double, double>();
    c.def<&Point::sum>("sum");
  }
};

ADDER_MODULE(threads_adder, m, adder::gil_not_used) {
  m.add_class<FrozenCounter>();
  m.add_class<Counter>();
  m.add_class<Point>();
  m.def<&plus>("plus");
}
