// SPDX-License-Identifier: MIT
// Locked classes: calls that overlap wait for each other.
#include "adder/adder.hpp"
#include "adder/class/containers.hpp"
#include "adder/class/locked.hpp"
#include "adder/class/part.hpp"

#include <chrono>
#include <stdexcept>
#include <thread>
#include <utility>
#include <vector>

using namespace adder;

namespace {

void sleep_for(int milliseconds) { std::this_thread::sleep_for(std::chrono::milliseconds(milliseconds)); }

struct Inner {
  int n = 0;
  void add() { ++n; }
};
/// Each change is torn in two, so that one that overlaps with another is lost.
struct Counter {
  int n = 0;
  Inner inner;
  std::vector<int> items;

  void add() { ++n; }
  void add_slowly(int milliseconds) {
    const int before = n;
    sleep_for(milliseconds);
    n = before + 1;
  }
  int get() const { return n; }
  int get_slowly(int milliseconds) const {
    const int before = n;
    sleep_for(milliseconds);
    if (n != before) throw std::runtime_error("changed while it was read");
    return n;
  }
  void take(Counter& other) { n += std::exchange(other.n, 0); }
  void take_slowly(Counter& other) {
    sleep_for(1);
    take(other);
  }
  Counter& operator+=(const Counter& other) {
    n += other.n;
    return *this;
  }
  bool operator==(const Counter& other) const { return n == other.n; }
};
struct Derived : Counter {
  Derived() = default;
  int extra = 0;
  void add_extra() { ++extra; }
};

}  // namespace

template <>
struct adder::PyClass<Inner> {
  static constexpr auto name = "Inner";
  static constexpr bool part = true;
  static void define(ClassBuilder<Inner>& cls) {
    cls.field<&Inner::n>("n");
    cls.def<&Inner::add>("add");
  }
};
template <>
struct adder::PyClass<Counter> {
  static constexpr auto name = "Counter";
  static constexpr bool locked = true, subclass = true, part = true, eq = true;
  static void define(ClassBuilder<Counter>& cls) {
    cls.def_new<>();
    cls.field<&Counter::n>("n");
    cls.part<&Counter::inner>("inner");
    cls.part<&Counter::items>("items");
    cls.def<&Counter::add>("add");
    cls.def<&Counter::get>("get");
    cls.def<&Counter::add_slowly>("add_slowly", release_gil);
    cls.def<&Counter::get_slowly>("get_slowly", release_gil);
    cls.def<&Counter::take>("take");
    cls.def<&Counter::take_slowly>("take_slowly", release_gil);
    cls.def<"__iadd__", [](Counter& self, const Counter& other) { self += other; }>();
    cls.def<[](PyRefMut<Counter>, const Bound<PyAny>& function) { return function.call(); }>("call");
    cls.def<[](PyRef<Counter>, const Bound<PyAny>& function) { return function.call(); }>("call_shared");
  }
};
template <>
struct adder::PyClass<Derived> {
  static constexpr auto name = "Derived";
  static constexpr bool locked = true;
  using base = Counter;
  static void define(ClassBuilder<Derived>& cls) {
    cls.def_new<>();
    cls.def<&Derived::add_extra>("add_extra");
    cls.getter<&Derived::extra>("extra");
  }
};

namespace {

void swap_slowly(Counter& a, Counter& b) {
  sleep_for(1);
  std::swap(a.n, b.n);
}
int total(const Counter& a, const Counter& b, const Counter& c) { return a.n + b.n + c.n; }

}  // namespace

ADDER_MODULE(locked_ext, m) {
  m.add_class<Inner>();
  m.add_class<Counter>();
  m.add_class<Derived>();
  m.def<&swap_slowly>("swap_slowly", release_gil);
  m.def<&total>("total");
  m.def<[](const Bound<Counter>& a, const Bound<Counter>& b) { a.swap(b); }>("swap");
  m.def<[](const Bound<Counter>& object) { return object.try_borrow_mut().is_ok(); }>("is_free");
  m.def<[](const Bound<Counter>& object) { return object.borrow_mut()->n; }>("borrow_mut");
  m.def<[](PyRef<Counter> object, const Bound<PyAny>& function) {
    const auto n = std::move(object).map(&Counter::n);
    function.call();
    return *n;
  }>("call_mapped");
}
