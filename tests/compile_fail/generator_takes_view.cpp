// SPDX-License-Identifier: MIT
// The same of what a view shows.
// EXPECT: adder: a coroutine that returns a Generator runs when its call is over: what a view or a pointer shows
#include "adder/adder.hpp"
#include "adder/class/generator.hpp"

#include <optional>
#include <string>
#include <string_view>

using namespace adder;

#if ADDER_MUST_NOT_COMPILE
Generator<char> letters(std::optional<std::string_view> text) {
#else
Generator<char> letters(std::optional<std::string> text) {
#endif
  for (const char letter : *text) co_yield letter;
}
