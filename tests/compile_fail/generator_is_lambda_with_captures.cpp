// SPDX-License-Identifier: MIT
// The captures are in the lambda, which may be gone before the first item.
// EXPECT: maybe when the lambda that it is has gone with its captures: capture nothing
#include "adder/class/generator.hpp"

using namespace adder;

Generator<int> steps(int first) {
#if ADDER_MUST_NOT_COMPILE
  const auto made = [first]() -> Generator<int> {
    for (int i = first;; ++i) co_yield i;
  };
  return made();
#else
  const auto made = [](int from) -> Generator<int> {
    for (int i = from;; ++i) co_yield i;
  };
  return made(first);
#endif
}
