// SPDX-License-Identifier: MIT
// What threads.py calls from several threads at once: classes as the documents of adder have them, and the same in the
// bare C API.
#include "adder/adder.hpp"

#include <atomic>

using namespace adder;

namespace {

/// Frozen: nobody has to ask for the value, which is changed atomically.
struct FrozenCounter {
  std::atomic<long> value{0};
  void add(long by) const { const_cast<std::atomic<long>&>(value).fetch_add(by, std::memory_order_relaxed); }
  long get() const { return value.load(std::memory_order_relaxed); }
};

/// With a borrow flag.
struct Counter {
  long value = 0;
  void add(long by) { value += by; }
  long get() const { return value; }
};

struct Point {
  double x, y;
  Point(double first, double second) : x(first), y(second) {}
  double sum() const { return x + y; }
};

}  // namespace

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

static double plus(double a, double b) { return a + b; }

ADDER_MODULE(bench_threads_ext, m, adder::gil_not_used) {
  m.add_class<FrozenCounter>();
  m.add_class<Counter>();
  m.add_class<Point>();
  m.def<&plus>("plus");
}
