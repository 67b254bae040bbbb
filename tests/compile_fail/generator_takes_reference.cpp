// SPDX-License-Identifier: MIT
// A coroutine runs when its call is over: what a reference leads to is gone by then.
// EXPECT: adder: a coroutine that returns a Generator runs when its call is over: what a reference parameter or `this`
#include "adder/adder.hpp"
#include "adder/class/generator.hpp"
#include "adder/stl/string.hpp"

#include <string>

using namespace adder;

#if ADDER_MUST_NOT_COMPILE
Generator<char> letters(const std::string& text) {
#else
Generator<char> letters(std::string text) {
#endif
  for (const char letter : text) co_yield letter;
}
