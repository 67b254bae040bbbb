// SPDX-License-Identifier: MIT
// A coroutine's parameters are destroyed with the Python object, where nobody can catch.
// EXPECT: adder: the destructor of a parameter of a coroutine that returns a Generator may not throw
#include "adder/class/generator.hpp"

using namespace adder;

struct File {
#if ADDER_MUST_NOT_COMPILE
  ~File() noexcept(false) {}
#else
  ~File() {}
#endif
};

Generator<int> lines(File) { co_yield 1; }
