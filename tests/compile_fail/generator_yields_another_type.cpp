// SPDX-License-Identifier: MIT
// A generator yields what it says.
// EXPECT: adder: co_yield and co_return of a Generator<Yield, Send, Return> take what converts to Yield
#include "adder/adder.hpp"
#include "adder/class/generator.hpp"
#include "adder/stl/string.hpp"

#include <string>

using namespace adder;

Generator<std::string> once() {
#if ADDER_MUST_NOT_COMPILE
  const double value = 1;
#else
  const char* value = "1";
#endif
  co_yield value;
}
