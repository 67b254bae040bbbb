// SPDX-License-Identifier: MIT
// A frozen class is used by several threads at once. Of private fields, the compiler tells which can change.
// EXPECT: adder: the values of a frozen class are used by several threads at once
#include "adder/adder.hpp"
#include "adder/reflect/reflect.hpp"

#include <atomic>

class Counter {
 public:
  int next() const { return ++count_; }

 private:
#if ADDER_MUST_NOT_COMPILE
  mutable int count_ = 0;
#else
  mutable std::atomic<int> count_ = 0;
#endif
};
template <>
struct adder::PyClass<Counter> : adder::Reflected<Counter> {
  static constexpr bool frozen = true;
};

ADDER_MODULE(counter, m) { m.add_class<Counter>(); }
