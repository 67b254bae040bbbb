// SPDX-License-Identifier: MIT
// A std::any does not cross allow_threads: it hides what it holds.
// EXPECT: not Ungil: adder cannot see what it holds
// EXPECT: is_ungil<(const )?std::any
#include "adder/adder.hpp"

#include <any>

using namespace adder;

void probe(Python py, const std::any& value) {
#if ADDER_MUST_NOT_COMPILE
  py.allow_threads([](const auto&) {}, value);
#else
  py.allow_threads([](int) {}, std::any_cast<int>(value));
#endif
}
