// SPDX-License-Identifier: MIT
// What threads.py calls from several threads at once; each peer binds these.
#pragma once
#include <atomic>

namespace threads {

/// Frozen: nobody has to ask for the value, which is changed atomically.
struct FrozenCounter {
  std::atomic<long> value{0};
  void add(long by) const { const_cast<std::atomic<long>&>(value).fetch_add(by, std::memory_order_relaxed); }
  long get() const { return value.load(std::memory_order_relaxed); }
};

/// adder's has a borrow flag, nanobind's a lock; pybind11 leaves it to the caller.
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

inline double plus(double a, double b) { return a + b; }

}  // namespace threads
