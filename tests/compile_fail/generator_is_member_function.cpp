// SPDX-License-Identifier: MIT
// `this` is a reference like others: the object may be gone before the first item.
// EXPECT: adder: a coroutine that returns a Generator runs when its call is over: what a reference parameter or `this`
#include "adder/adder.hpp"
#include "adder/class/generator.hpp"

using namespace adder;

struct Steps {
  int first = 0;
#if ADDER_MUST_NOT_COMPILE
  Generator<int> from() const {
    for (int i = first;; ++i) co_yield i;
  }
#else
  static Generator<int> from(int first) {
    for (int i = first;; ++i) co_yield i;
  }
  Generator<int> from() const { return from(first); }
#endif
};

Generator<int> steps() { return Steps().from(); }
