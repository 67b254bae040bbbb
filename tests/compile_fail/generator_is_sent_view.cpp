// SPDX-License-Identifier: MIT
// What was sent is gone with the next step, but for what the coroutine owns.
// EXPECT: adder: Generator<Yield, Send>: what was sent is gone with the next co_yield
#include "adder/adder.hpp"
#include "adder/class/generator.hpp"
#include "adder/stl/string.hpp"

#include <string>
#include <string_view>

using namespace adder;

#if ADDER_MUST_NOT_COMPILE
using Sent = std::string_view;
#else
using Sent = std::string;
#endif
Generator<bool, Sent> once() {
  const auto sent = co_yield true;
  co_yield sent.has_value();
}
