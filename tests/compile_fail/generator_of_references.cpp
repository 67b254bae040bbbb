// SPDX-License-Identifier: MIT
// What is yielded is converted at once: there is no copy to save.
// EXPECT: adder: Generator<Yield>: what is yielded is converted at once
#include "adder/adder.hpp"
#include "adder/class/generator.hpp"
#include "adder/stl/string.hpp"

#include <string>

using namespace adder;

#if ADDER_MUST_NOT_COMPILE
using Texts = Generator<const std::string&>;
#else
using Texts = Generator<std::string>;
#endif
Texts once() {
  const std::string text = "once";
  co_yield text;
}
