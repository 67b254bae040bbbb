// SPDX-License-Identifier: MIT
// A generator is no task: nobody would wake it.
// EXPECT: adder: a Generator waits for nothing but Python's next\(\)
#include "adder/class/generator.hpp"

#include <coroutine>

using namespace adder;

Generator<int> once() {
#if ADDER_MUST_NOT_COMPILE
  co_await std::suspend_always();
#endif
  co_yield 1;
}
